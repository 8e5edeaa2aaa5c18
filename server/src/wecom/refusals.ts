import { AppError } from '@qihui/shared/errors'
import type { VendorRefusal } from '../vendor/VendorRefusal.ts'

/** Error numbers of qyapi.weixin.qq.com we act on (platform 1.1, 3.2, 4, 5). The other host has its own table: numbers clash. */
export const wecomErrcode = {
  badSecret: 40001,
  badCorpId: 40013,
  invalidSecret: 40091,
  invalidCode: 40029,
  codeExpired: 42003,
  codeUsed: 42022,
  badUserId: 40003,
  unknownTag: 40068,
  tagNameTaken: 40071,
  tagCapReached: 45024,
  tagNotOwned: 81011,
  notOwnApp: 301002,
  badExternalUserId: 40096,
  welcomeCodeGone: 41050,
  welcomeAlreadyTalking: 41051,
  outsideVisibility: 60011,
  ipNotAllowed: 60020,
  userOutsideVisibility: 60021,
  unknownUser: 60111,
  noReceiver: 81013,
  noRelation: 84061,
  noContactRight: 84074,
} as const

/** What the administrator has to change, by error number. */
const configurationDetails: Readonly<Record<number, string>> = {
  40001: '企业微信应用 Secret 不正确，请检查 WECOM_CORP_ID 与 WECOM_AGENT_SECRET',
  48001: '应用没有调用该接口的权限，请在企业微信管理后台为应用开启',
  48002: '请在企业微信管理后台「客户联系 → 客户 → API → 可调用接口的应用」中勾选本应用',
  48006: '接口权限因长期未使用被收回，请在企业微信管理后台重新开启',
  50001: '请把 PUBLIC_URL 的域名填入应用的「网页授权及 JS-SDK 可信域名」',
  50003: '应用已被停用，请在企业微信管理后台启用',
  60011: '成员不在应用可见范围内，请在企业微信管理后台调整应用的可见范围',
  60021: '成员不在应用可见范围内，请在企业微信管理后台调整应用的可见范围',
  301002: 'WECOM_AGENT_ID 与 WECOM_AGENT_SECRET 不属于同一个应用',
}

/** The caller's address as the vendor's sentence names it: `…, from ip: 203.0.113.9, more info …` (platform 0.1). */
export function callerIpOf(errmsg: string): string | null {
  return /from ip: ([0-9a-f.:]{2,45}?)(?=[,\s]|$)/i.exec(errmsg)?.[1] ?? null
}

/** The AppError a refusal becomes when the call has no meaning of its own for it. */
export function toAppError(refusal: VendorRefusal): AppError {
  if (refusal.errcode === wecomErrcode.ipNotAllowed) {
    const ip = callerIpOf(refusal.errmsg)
    return new AppError('vendor.configuration', `请在企业微信管理后台该应用的「企业可信IP」中添加服务器出口 IP：${ip ?? '（企业微信未告知，请查询服务器出口 IP）'}`)
  }
  const detail = configurationDetails[refusal.errcode]
  if (detail !== undefined) return new AppError('vendor.configuration', `${detail}（企业微信错误码 ${refusal.errcode}）`)
  return new AppError('vendor.unavailable', `企业微信暂时无法完成该操作，请稍后再试（错误码 ${refusal.errcode}）`, undefined, refusal.heldBackMs)
}
