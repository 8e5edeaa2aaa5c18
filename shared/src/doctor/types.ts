/** What a vendor's refusal means for whoever sets the product up, whatever number it has on which host. */
export type VendorCause =
  | 'badId'
  | 'badSecret'
  | 'secretFrozen'
  | 'ipNotTrusted'
  | 'wrongAgent'
  | 'agentClosed'
  | 'notCallable'
  | 'rightWithdrawn'
  | 'rateLimited'
  | 'other'

/** Why there was no answer at all. `strange`: an answer, but not the vendor's, as a proxy or a login page gives. */
export type SilenceCause = 'dns' | 'refused' | 'tls' | 'timeout' | 'strange' | 'network'

/** The outcome of one harmless call, made to see whether it works. */
export type Probe<T = null> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'refused'; readonly cause: VendorCause; readonly errcode: number; readonly callerIp: string | null }
  | { readonly outcome: 'silent'; readonly cause: SilenceCause }

/** What our own callback address answered to a question signed as WeCom signs it, asked through the public address. */
export type EchoAnswer =
  | { readonly outcome: 'silent'; readonly cause: SilenceCause }
  | {
      readonly outcome: 'answered'
      readonly status: number
      /** Where a redirect leads, without its query; null when it is none. */
      readonly location: string | null
      /** At most the first 500 characters. */
      readonly body: string
      readonly expected: string
      readonly elapsedMs: number
    }

/** Why a push that looked like WeCom's was refused. */
export type CallbackRefusalReason = 'unsigned' | 'signature' | 'clock' | 'undecryptable' | 'receiver' | 'malformed'

/** How often something happened, and when last. */
export interface Sighting {
  readonly count: number
  readonly lastAt: string
}

/** Everything a diagnosis is made of; collected by the server, judged by `diagnose`. */
export interface DoctorFacts {
  readonly at: string
  /** Address people and vendors reach the product at. */
  readonly publicUrl: string
  /** The vendor's clock minus ours, milliseconds; null when it did not answer. */
  readonly clockSkewMs: number | null
  readonly wecomToken: Probe
  /** Asked only with a token. */
  readonly agent: Probe<{ readonly isClosed: boolean; readonly visibleEntries: number; readonly trustedDomain: string }> | null
  readonly followStaff: Probe<number> | null
  readonly corpTags: Probe<{ readonly tierTags: number; readonly foreignTierTags: number }> | null
  readonly echo: EchoAnswer
  /** When WeCom last pushed something we accepted. */
  readonly lastCallbackAt: string | null
  readonly callbackRefusals: Readonly<Partial<Record<CallbackRefusalReason, Sighting>>>
  /** Contacts of WeChat users in our mirror, and how many came with a unionid. */
  readonly wechatContacts: { readonly total: number; readonly withUnionId: number }
  /** Logins of the mini-program in the last 30 days, and how many came with a unionid. */
  readonly miniProgramLogins: { readonly total: number; readonly withUnionId: number }
  readonly miniProgramToken: Probe
  /** Null when no official account is set up. */
  readonly officialAccountToken: Probe | null
  readonly phoneQuotaRefusal: Sighting | null
  /** Null when not set up. */
  readonly mail: Probe | null
  readonly sms: Probe | null
}

/** `waiting`: cannot be known yet. `byHand`: no interface tells it. `skipped`: something before it must be mended first. */
export type FindingOutcome = 'ok' | 'failed' | 'waiting' | 'byHand' | 'skipped'

/** One line of the diagnosis. */
export interface Finding {
  readonly key: string
  readonly title: string
  readonly outcome: FindingOutcome
  /** What was seen, in words. */
  readonly detail: string
  /** What to change; null when there is nothing to do. */
  readonly remedy: string | null
  /** The console page, as a path of its menus; null when it is not changed in a console. */
  readonly where: string | null
}
