export type { MiniProgramIdentity, UrlLink, VerifiedPhone, Wechat } from './wechat.ts'
