import type { ChannelOpenness } from './contract.ts'

/** What decides whether a token still brings members. */
export interface ChannelLimits {
  readonly revokedAt: Date | null
  readonly expiresAt: Date | null
  /** Null without a limit. */
  readonly maxRegistrations: number | null
  /** Counted while there is a limit. */
  readonly countedRegistrations: number
}

/**
 * Whether a token is open at an instant (R9). What somebody decided comes before what time did, and time before what was used up,
 * so that the page says the reason its reader can do something about.
 */
export function opennessOf(channel: ChannelLimits, at: Date): ChannelOpenness {
  if (channel.revokedAt !== null && channel.revokedAt <= at) return 'revoked'
  if (channel.expiresAt !== null && channel.expiresAt <= at) return 'expired'
  if (channel.maxRegistrations === null || channel.countedRegistrations < channel.maxRegistrations) return 'open'
  return channel.maxRegistrations === 1 ? 'used' : 'overQuota'
}
