import type { IdentifierNamespace } from '@qihui/shared/identity'
import type { Env } from '../../env.ts'

/** Openids of our mini-program. */
export function miniProgramNamespace(env: Env): IdentifierNamespace {
  return `mp-openid@${env.wechat.mpAppId}`
}

/** Unionids of the company's open-platform account (R34). */
export function unionIdNamespace(env: Env): IdentifierNamespace {
  return `unionid@${env.wechat.openPlatformId}`
}

/** External contacts as this corp's own app sees them. */
export function externalUserNamespace(env: Env): IdentifierNamespace {
  return `external-userid@${env.wecom.corpId}`
}
