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

/** Openids of our official account. */
export function officialAccountNamespace(env: Env): IdentifierNamespace {
  return `oa-openid@${env.wechat.oaAppId}`
}

/** Visitors of a WeCom page who are no members of this corp. Never the mini-program's openid, whatever it looks like. */
export function visitorNamespace(env: Env): IdentifierNamespace {
  return `corp-openid@${env.wecom.corpId}`
}
