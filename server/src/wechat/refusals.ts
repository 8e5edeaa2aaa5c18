import { AppError } from '@qihui/shared/errors'
import type { VendorRefusal } from '../vendor/VendorRefusal.ts'

/** Error numbers of api.weixin.qq.com we act on (platform 1.2, 8.1). WeCom's host has its own table: numbers clash. */
export const wechatErrcode = {
  badCredential: 40001,
  badAppId: 40013,
  badSecret: 40125,
  secretFrozen: 40243,
  ipNotListed: 40164,
  ipNeedsConfirmation: 89503,
  ipRefusedForDay: 89506,
  ipRefusedForHour: 89507,
  invalidCode: 40029,
  codeUsed: 40163,
  highRiskUser: 40226,
  quotaExhausted: 45009,
} as const

const ipErrcodes: readonly number[] = [
  wechatErrcode.ipNotListed,
  wechatErrcode.ipNeedsConfirmation,
  wechatErrcode.ipRefusedForDay,
  wechatErrcode.ipRefusedForHour,
]

/** What the administrator has to change, by error number. */
const configurationDetails: Readonly<Record<number, string>> = {
  40001: '微信应用密钥不正确，请检查小程序的 WECHAT_MP_APPID 与 WECHAT_MP_SECRET、公众号的 WECHAT_OA_APPID 与 WECHAT_OA_SECRET',
  40013: '微信应用 AppID 不正确，请检查 WECHAT_MP_APPID 与 WECHAT_OA_APPID',
  40125: '微信小程序密钥不正确，请检查 WECHAT_MP_SECRET',
  40243: '微信应用密钥已被冻结，请在微信公众平台解冻',
  41030: '小程序页面尚未发布，请先发布包含该页面的版本',
  40165: '小程序页面尚未发布，请先发布包含该页面的版本',
  85079: '小程序尚未发布，请先发布正式版',
}

/** The caller's address as `invalid ip 203.0.113.9 ipv6 …, not in whitelist` names it. */
export function callerIpOf(errmsg: string): string | null {
  return /\bip:? ([0-9a-f.:]{2,45}?)(?=[,\s]|$)/i.exec(errmsg)?.[1] ?? null
}

/** The AppError a refusal becomes when the call has no meaning of its own for it. */
export function toAppError(refusal: VendorRefusal): AppError {
  if (ipErrcodes.includes(refusal.errcode)) {
    const ip = callerIpOf(refusal.errmsg)
    return new AppError('vendor.configuration', `请在微信公众平台的 API IP 白名单中添加服务器出口 IP：${ip ?? '（微信未告知，请查询服务器出口 IP）'}`)
  }
  const detail = configurationDetails[refusal.errcode]
  if (detail !== undefined) return new AppError('vendor.configuration', `${detail}（微信错误码 ${refusal.errcode}）`)
  return new AppError('vendor.unavailable', `微信暂时无法完成该操作，请稍后再试（错误码 ${refusal.errcode}）`, undefined, refusal.heldBackMs)
}
