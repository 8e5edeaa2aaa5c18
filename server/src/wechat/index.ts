export type { MiniProgramIdentity, UrlLink, VerifiedPhone, Wechat } from './wechat.ts'
export { createWechat } from './createWechat.ts'
