import { addDays, localDateOf, monthsBefore, startOfDay } from './calendar.ts'
import { tierRulesAt, type TierRules } from './rules.ts'
import { tierStanding, type LedgerEntry, type TierReason, type TierStanding } from './tierStanding.ts'
import { tiers } from './tiers.ts'
import type { TierCode } from './types.ts'

/** One step of the ladder as people read it. */
export interface TierStep {
  readonly code: TierCode
  readonly name: string
  readonly minGrowth: number
  /** Months between reviews; null for a tier kept for ever. */
  readonly reviewMonths: number | null
  readonly benefits: readonly string[]
}

/** Why somebody has a tier, what counts, and what it takes to keep it. */
export interface TierExplanation {
  readonly standing: TierStanding
  /** Growth of this local day and later counts now, `YYYY-MM-DD`. */
  readonly countsFrom: string
  /** Growth still missing on the day that decides, with what is known today; 0 when it is safe, null for a tier kept for ever. */
  readonly growthToKeep: number | null
  /** Decisions in words, newest first. */
  readonly reasons: readonly { readonly at: string; readonly title: string }[]
  /** The rules in force: how long growth counts, how long a grace lasts, and the ladder, lowest first. */
  readonly qualifyingMonths: number
  readonly graceDays: number
  readonly ladder: readonly TierStep[]
}

const wordsOf = (code: TierCode): Pick<TierStep, 'name' | 'benefits'> => tiers.find((tier) => tier.code === code) ?? tiers[0]

function titleOf({ kind, tier, growthValue }: TierReason): string {
  switch (kind) {
    case 'joined':
      return '注册成为会员'
    case 'upgraded':
      return `成长值达到 ${growthValue}，升级为${wordsOf(tier).name}`
    case 'kept':
      return `定期评定通过（成长值 ${growthValue}），保持${wordsOf(tier).name}`
    case 'graceStarted':
      return `定期评定时成长值为 ${growthValue}，进入保级期，权益不变`
    case 'graceEnded':
      return `成长值回到 ${growthValue}，保级成功`
    case 'downgraded':
      return `保级期结束时成长值为 ${growthValue}，调整为${wordsOf(tier).name}`
  }
}

/** Growth missing at the midnight that decides, counting only what is known now and will still be in the window then. */
function missingGrowth(ledger: readonly LedgerEntry[], standing: TierStanding, rules: TierRules, at: string): number | null {
  const decides = standing.graceUntil === null ? standing.reviewOn && startOfDay(addDays(standing.reviewOn, 1)) : at
  if (decides === null) return null
  const start = monthsBefore(decides, rules.qualifyingMonths)
  const safe = ledger.reduce((sum, { amount, occurredAt, postedAt }) => (postedAt <= at && occurredAt > start ? sum + amount : sum), 0)
  const { minGrowth } = rules.ladder.find(({ code }) => code === standing.tier) ?? rules.ladder[0]
  return Math.max(0, minGrowth - safe)
}

/** Explains the tier of one member at an instant: for the member centre, the sidebar and the API alike. */
export function explainTier(ledger: readonly LedgerEntry[], versions: readonly [TierRules, ...TierRules[]], joinedAt: string, at: string): TierExplanation {
  const standing = tierStanding(ledger, versions, joinedAt, at)
  const rules = tierRulesAt(versions, at)
  return {
    standing,
    countsFrom: localDateOf(monthsBefore(at, rules.qualifyingMonths)),
    growthToKeep: missingGrowth(ledger, standing, rules, at),
    qualifyingMonths: rules.qualifyingMonths,
    graceDays: rules.graceDays,
    ladder: rules.ladder.map(({ code, minGrowth, reviewMonths }) => ({ code, name: wordsOf(code).name, minGrowth, reviewMonths, benefits: wordsOf(code).benefits })),
    reasons: [...standing.reasons].reverse().map((reason) => ({ at: reason.at, title: titleOf(reason) })),
  }
}
