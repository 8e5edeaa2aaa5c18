/**
 * Start values of domain rules (g) 2; those marked ours fill what it names as a signal without a number.
 * A rule bites when the count is above its limit.
 */
export const riskLimits = {
  ipIn10Min: 20,
  ipInHour: 100,
  /** Ours: a campus or a carrier gateway is many addresses, so three times one address. */
  networkIn10Min: 60,
  segmentIn10Min: 15,
  channelIn10Min: 50,
  /** Ours: a handful of quick people is chance; from here a fast form on a busy channel is not. */
  fastInChannelIn10Min: 10,
  /** Ours: as a channel; a rep at a booth stands behind several codes. */
  repIn10Min: 100,
  /** Ours: one kind of client on one channel; phones in a shop are of many kinds. */
  clientIn10Min: 100,
  phonesOfAccountInDay: 3,
  accountsOfPhoneIn30Days: 3,
} as const

/** Nobody reads the page, ticks the box and grants the phone in less, seconds. */
export const fastFormSeconds = 3

/** An allowance of a channel counts for these many times its ten minutes in an hour. */
export const tenMinutesPerHour = 6
