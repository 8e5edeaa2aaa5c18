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
}
