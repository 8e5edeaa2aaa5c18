import type { Probe, VendorCause } from '@qihui/shared/doctor'
import type { Logger } from 'pino'
import type { Env } from '../env.ts'
import { probeCall, reach } from '../vendor/probe.ts'
import { createTransport } from '../vendor/transport.ts'
import { callerIpOf, wechatErrcode } from './refusals.ts'

/** WeChat's side of a diagnosis: whether each app's id and secret buy a token. */
export interface WechatProbe {
  readonly miniProgram: Probe
  /** Null when no official account is set up. */
  readonly officialAccount: Probe | null
}

/** What an error number of api.weixin.qq.com means for the set-up (platform 1.2, 8.1). */
const meanings: Readonly<Record<number, VendorCause>> = {
  [wechatErrcode.badCredential]: 'badSecret',
  [wechatErrcode.badSecret]: 'badSecret',
  [wechatErrcode.badAppId]: 'badId',
  41002: 'badId',
  41004: 'badSecret',
  [wechatErrcode.secretFrozen]: 'secretFrozen',
  [wechatErrcode.ipNotListed]: 'ipNotTrusted',
  [wechatErrcode.ipNeedsConfirmation]: 'ipNotTrusted',
  [wechatErrcode.ipRefusedForDay]: 'ipNotTrusted',
  [wechatErrcode.ipRefusedForHour]: 'ipNotTrusted',
  [wechatErrcode.quotaExhausted]: 'rateLimited',
  45011: 'rateLimited',
}
const meaningOf = (errcode: number): VendorCause => meanings[errcode] ?? 'other'
const path = '/cgi-bin/stable_token'

/** Asks for the stable token in its gentle mode: it answers the one in force and ends none (platform 1.2). */
export async function probeWechat({ env, now, log }: { readonly env: Pick<Env, 'wechat'>; readonly now: () => Date; readonly log: Logger }): Promise<WechatProbe> {
  const { mpAppId, mpSecret, oaAppId, oaSecret, apiBase } = env.wechat
  const { silence } = await reach(`${apiBase.replace(/\/+$/, '')}/cgi-bin/token`, now)
  const transport = createTransport({ vendor: 'wechat', vendorName: '微信', base: apiBase, now, log })
  const tokenOf = async (appid: string, secret: string): Promise<Probe> => {
    if (silence !== null) return { outcome: 'silent', cause: silence }
    const buy = async () => {
      await transport.json({ method: 'POST', path, body: { grant_type: 'client_credential', appid, secret, force_refresh: false } })
      return null
    }
    return probeCall(buy, meaningOf, callerIpOf)
  }
  return { miniProgram: await tokenOf(mpAppId, mpSecret), officialAccount: oaAppId === '' ? null : await tokenOf(oaAppId, oaSecret) }
}
