import type { RiskOutcome } from './contract.ts'

/** What is known of one registration attempt. Counts include the attempt itself; windows slide and use the server's clock. */
export interface RiskFacts {
  readonly ipIn10Min: number
  readonly ipInHour: number
  /** Attempts of the /24 (IPv6: /48) network around the address. */
  readonly networkIn10Min: number
  /** Phones that share the first seven digits; 0 without a phone. */
  readonly segmentIn10Min: number
  /** Attempts through the same channel; 0 without one. */
  readonly channelIn10Min: number
  /** Those of them whose form took less than `fastFormSeconds`. */
  readonly fastInChannelIn10Min: number
  /** Attempts through channels of the same rep. */
  readonly repIn10Min: number
  /** Attempts of the same client family through the same channel. */
  readonly clientIn10Min: number
  readonly phonesOfAccountInDay: number
  readonly accountsOfPhoneIn30Days: number
  /** From the opening of the channel to the registration; null when no opening was seen. */
  readonly formSeconds: number | null
  /** WeChat's own rank, 0 to 4; null when it was not asked or did not answer. */
  readonly vendorRank: number | null
  /** Registrations per ten minutes booked for an event of this channel; null without one. */
  readonly allowedPer10Min: number | null
}

/** Where a signal comes from; two signals of one family are one piece of evidence. */
export type RiskFamily = 'network' | 'segment' | 'channel' | 'phone' | 'account' | 'vendor'

/** One rule that bites, and what it asks for by itself. */
export interface RiskSignal {
  /** Stable name of the rule, e.g. `ipIn10Min`. */
  readonly rule: string
  readonly family: RiskFamily
  readonly level: Exclude<RiskOutcome, 'allow'>
  /** For operations, without address, phone or id. */
  readonly reason: string
}

export interface RiskAssessment {
  readonly outcome: RiskOutcome
  readonly signals: readonly RiskSignal[]
  readonly reasons: readonly string[]
}
