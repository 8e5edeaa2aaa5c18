import { addDays, addMonths, localDateOf, monthsBefore, startOfDay } from './calendar.ts'
import { stepFor, tierRulesAt, type TierRules } from './rules.ts'
import type { TierCode } from './types.ts'

/** One line of the growth ledger as the engine sees it. A reversal carries the business time of what it reverses. */
export interface LedgerEntry {
  readonly amount: number
  /** Business time: decides in which window it counts. ISO 8601 in UTC. */
  readonly occurredAt: string
  /** Posting time: nothing is known of it before. ISO 8601 in UTC. */
  readonly postedAt: string
}

/** Why a member has the tier, one line per decision, oldest first. */
export interface TierReason {
  readonly at: string
  readonly kind: 'joined' | 'upgraded' | 'kept' | 'graceStarted' | 'graceEnded' | 'downgraded'
  readonly tier: TierCode
  /** Growth of the window at that instant. */
  readonly growthValue: number
  readonly rulesVersion: string
}

/** Where a member stands at an instant. */
export interface TierStanding {
  readonly tier: TierCode
  /** When this tier was reached. */
  readonly since: string
  /** Local day the present period began; reviews are counted from it. */
  readonly anchor: string
  /** Growth of the qualifying window. */
  readonly growthValue: number
  /** Local day of the next review, `YYYY-MM-DD`, decided when the day is over; null for a tier kept for ever and during grace. */
  readonly reviewOn: string | null
  /** First local day without grace; null outside grace. */
  readonly graceUntil: string | null
  readonly reasons: readonly TierReason[]
}

/** The walk through time. `anchor` is the local day the period began; `reviewOn` was fixed by the rules in force when it was set. */
interface Walk {
  step: number
  since: string
  anchor: string
  reviewOn: string | null
  graceUntil: string | null
  readonly reasons: TierReason[]
}

/** Growth that counts at an instant: posted by then, and of the months before it (domain rules b 2). */
export function growthInWindow(ledger: readonly LedgerEntry[], at: string, months: number): number {
  const start = monthsBefore(at, months)
  return ledger.reduce((sum, { amount, occurredAt, postedAt }) => (postedAt <= at && occurredAt > start && occurredAt <= at ? sum + amount : sum), 0)
}

/** The first review after a local day, counted from the anchor so that the 31st is not lost in a short month. */
function reviewAfter(walk: Walk, rules: TierRules, day: string): string | null {
  const months = rules.ladder[walk.step]?.reviewMonths ?? null
  if (months === null) return null
  let review = addMonths(walk.anchor, months)
  for (let count = 2; review <= day; count += 1) review = addMonths(walk.anchor, months * count)
  return review
}

function noteOf(walk: Walk, rules: TierRules, kind: TierReason['kind'], at: string, growthValue: number): void {
  const { code } = rules.ladder[walk.step] ?? rules.ladder[0]
  walk.reasons.push({ at, kind, tier: code, growthValue, rulesVersion: rules.version })
}

/** The next local midnight that decides something: the one a grace ends with, or the one after the day of a review. */
function nextMidnight({ graceUntil, reviewOn }: Walk): string | null {
  if (graceUntil !== null) return startOfDay(graceUntil)
  return reviewOn === null ? null : startOfDay(addDays(reviewOn, 1))
}

/** A new period of the step the walk stands on. */
function beginPeriod(walk: Walk, rules: TierRules, at: string): void {
  walk.anchor = localDateOf(at)
  walk.graceUntil = null
  walk.reviewOn = reviewAfter(walk, rules, walk.anchor)
}

function moveTo(walk: Walk, rules: TierRules, step: number, kind: 'upgraded' | 'downgraded', at: string, growthValue: number): void {
  walk.step = step
  walk.since = at
  beginPeriod(walk, rules, at)
  noteOf(walk, rules, kind, at, growthValue)
}

function endGrace(walk: Walk, rules: TierRules, at: string, growthValue: number): void {
  beginPeriod(walk, rules, at)
  noteOf(walk, rules, 'graceEnded', at, growthValue)
}

/** A posting moves up at once, also two steps; reaching the threshold again ends the grace and opens a new period. */
function afterPosting(walk: Walk, rules: TierRules, growthValue: number, at: string): void {
  const supported = stepFor(rules, growthValue)
  if (supported > walk.step) moveTo(walk, rules, supported, 'upgraded', at, growthValue)
  else if (walk.graceUntil !== null && supported === walk.step) endGrace(walk, rules, at, growthValue)
}

/** The midnight a grace ends: the last look, then down to what the value supports. */
function atGraceEnd(walk: Walk, rules: TierRules, growthValue: number, at: string): void {
  const supported = stepFor(rules, growthValue)
  const lowest = rules.maxStepsDown === null ? 0 : Math.max(0, walk.step - rules.maxStepsDown)
  if (supported > walk.step) moveTo(walk, rules, supported, 'upgraded', at, growthValue)
  else if (supported === walk.step) endGrace(walk, rules, at, growthValue)
  else moveTo(walk, rules, Math.max(supported, lowest), 'downgraded', at, growthValue)
}

/**
 * The midnight after a review's day: kept, or grace. Only then is the growth that began the period older than the window,
 * so that no purchase counts for two periods.
 */
function atReview(walk: Walk, rules: TierRules, growthValue: number, at: string): void {
  const supported = stepFor(rules, growthValue)
  const day = localDateOf(at)
  if (supported > walk.step) moveTo(walk, rules, supported, 'upgraded', at, growthValue)
  else if (supported === walk.step) {
    walk.reviewOn = reviewAfter(walk, rules, walk.reviewOn ?? day)
    noteOf(walk, rules, 'kept', at, growthValue)
  } else {
    walk.reviewOn = null
    walk.graceUntil = addDays(day, rules.graceDays)
    noteOf(walk, rules, 'graceStarted', at, growthValue)
  }
}

/**
 * The tier engine (domain rules b): what ledger and rules make of a member at an instant, and why. Pure and order-free: entries may come
 * in any order. Upgrades happen with the posting; a failed review is followed by full local days of grace with every benefit; only its
 * end takes a tier away. A refund waits for the review. What is stored elsewhere is a cache of this.
 *
 * @param joinedAt when the membership began, ISO 8601; entries posted earlier count from then on
 * @param versions every version of the rules there has been
 */
export function tierStanding(ledger: readonly LedgerEntry[], versions: readonly [TierRules, ...TierRules[]], joinedAt: string, at: string): TierStanding {
  const postings = [...new Set(ledger.map(({ postedAt }) => (postedAt < joinedAt ? joinedAt : postedAt)))].sort()
  const walk: Walk = { step: 0, since: joinedAt, anchor: localDateOf(joinedAt), reviewOn: null, graceUntil: null, reasons: [] }
  const valueAt = (instant: string) => growthInWindow(ledger, instant, tierRulesAt(versions, instant).qualifyingMonths)
  noteOf(walk, tierRulesAt(versions, joinedAt), 'joined', joinedAt, valueAt(joinedAt))
  for (;;) {
    const midnight = nextMidnight(walk)
    const posting = postings[0]
    const isPostingNext = posting !== undefined && (midnight === null || posting <= midnight)
    const instant = isPostingNext ? posting : midnight
    if (instant === null || instant > at) break
    const rules = tierRulesAt(versions, instant)
    if (isPostingNext) {
      postings.shift()
      afterPosting(walk, rules, valueAt(instant), instant)
    } else if (walk.graceUntil !== null) {
      atGraceEnd(walk, rules, valueAt(instant), instant)
    } else {
      atReview(walk, rules, valueAt(instant), instant)
    }
  }
  const rules = tierRulesAt(versions, at)
  const { code } = rules.ladder[walk.step] ?? rules.ladder[0]
  return { tier: code, since: walk.since, anchor: walk.anchor, growthValue: valueAt(at), reviewOn: walk.reviewOn, graceUntil: walk.graceUntil, reasons: walk.reasons }
}
