import type { WechatProbe } from './probe.ts'

/** What a `wx.login` code proves. The session key is dropped where it arrives and is in no type of ours. */
export interface MiniProgramIdentity {
  readonly openId: string
  /** Null while the mini-program is not attached to an open-platform account. */
  readonly unionId: string | null
}

/** A phone number the WeChat account has verified. */
export interface VerifiedPhone {
  /** National number, digits only, as WeChat answers it (`purePhoneNumber`). */
  readonly phoneNumber: string
  /** Without plus sign, e.g. `86`. */
  readonly countryCode: string
}

/** An address that opens the mini-program from anywhere; it lives 30 days at most. */
export interface UrlLink {
  readonly url: string
  readonly expiresAt: Date
}

/** Who logged in to a page through the official account. The openid is another one than the mini-program's of the same person. */
export interface OfficialAccountUser {
  readonly openId: string
  /** Null while the official account is not attached to an open-platform account. */
  readonly unionId: string | null
}

/** Whose registration WeChat is asked about. */
export interface RiskSubject {
  /** Openid of our mini-program. */
  readonly openId: string
  /** E.164, null while unknown. */
  readonly phone: string | null
  readonly ip: string
}

/**
 * WeChat's mini-program server in our own words (platform 1.2, 8.1).
 * Every call @throws AppError `vendor.unavailable` or `vendor.configuration`.
 */
export interface Wechat {
  /** One use, 5 minutes. @throws `login.codeInvalid` (unknown, used, expired), `login.blocked` (high-risk account). */
  codeToSession(code: string): Promise<MiniProgramIdentity>
  /** One use, 5 minutes; paid per success. @throws `phone.codeInvalid`, `phone.quotaExhausted` */
  phoneOfCode(code: string): Promise<VerifiedPhone>
  /** A permanent code image for a published page (no leading slash, no query); `scene` at most 32 visible characters. */
  makeMiniProgramCode(scene: string, page: string): Promise<Buffer>
  /** Path without leading slash; query at most 1,024 characters. Counts against 500,000 a day. */
  makeUrlLink(path: string, query: string): Promise<UrlLink>
  /** WeChat's own rank of a registration, 0 (none) to 4 (highest); null when the company has not bought the call (domain rules g 1). */
  riskRank(subject: RiskSubject): Promise<number | null>
  /**
   * Exchanges a code of the official account's authorise page (`snsapi_userinfo`), one use, 5 minutes (platform 9).
   * @throws `oauth.codeInvalid`, `login.snapshotUser` (a snapshot page's made-up account, never to be bound), `login.blocked`
   */
  officialAccountUserOf(code: string): Promise<OfficialAccountUser>
  /** One try of every app's secret, for somebody who looks; it never throws and ends no token. */
  probe(): Promise<WechatProbe>
  /** The official account's page ticket, cached across instances. It never leaves the server. */
  getOfficialAccountTicket(): Promise<{ readonly ticket: string; readonly expiresAt: Date }>
}
