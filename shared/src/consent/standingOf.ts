import { versionInForce } from '../form/acceptedVersions.ts'

/** What the rules know of a policy version. */
export interface PolicyMark {
  readonly version: string
  /** ISO 8601. */
  readonly publishedAt: string
  readonly diffClass: 'minor' | 'material'
}

/** One recorded yes or no, as the rules read it. */
export interface ConsentRecord {
  readonly purpose: string
  readonly decision: 'granted' | 'refused'
  readonly policyVersion: string
  readonly at: Date
  readonly withdrawnAt: Date | null
}

/** Where one purpose stands for one human. */
export interface Standing {
  readonly state: 'none' | 'granted' | 'refused' | 'withdrawn'
  readonly policyVersion: string | null
  readonly at: Date | null
  readonly mayAsk: boolean
  readonly isStale: boolean
}

/** After a no nobody is asked again this long, milliseconds (App method III.4). */
export const refusalMemoryMs = 30 * 24 * 60 * 60 * 1000

/**
 * The gravest change between a version that was agreed to and the one in force (PIPL 14, trust test 60).
 * A version nobody knows cannot vouch for anything: it counts as materially different.
 */
export function diffClassSince(policies: readonly PolicyMark[], version: string, at: Date): 'none' | 'minor' | 'material' {
  const given = policies.find((policy) => policy.version === version)
  if (given === undefined) return 'material'
  const inForce = versionInForce(policies, at)
  const [from, until] = [Date.parse(given.publishedAt), Date.parse(inForce?.publishedAt ?? given.publishedAt)]
  const since = policies.filter((policy) => Date.parse(policy.publishedAt) > from && Date.parse(policy.publishedAt) <= until)
  if (since.some((policy) => policy.diffClass === 'material')) return 'material'
  return since.length > 0 ? 'minor' : 'none'
}

interface Act {
  readonly kind: 'granted' | 'refused' | 'withdrawn'
  readonly at: Date
  readonly policyVersion: string
}

/** The later act counts; of two at one instant the narrower one, a no. */
function latestAct(records: readonly ConsentRecord[]): Act | null {
  const acts = records.flatMap(({ decision, at, policyVersion, withdrawnAt }): Act[] => [
    { kind: decision, at, policyVersion },
    ...(withdrawnAt === null ? [] : [{ kind: 'withdrawn' as const, at: withdrawnAt, policyVersion }]),
  ])
  return acts.reduce<Act | null>((last, act) => {
    const later = last === null ? 1 : act.at.getTime() - last.at.getTime()
    return later > 0 || (later === 0 && act.kind !== 'granted') ? act : last
  }, null)
}

/**
 * Where one purpose stands, from everything this human ever said about it (R63, R65). A yes holds through minor changes and is stale
 * after a material one; a no or a withdrawal is not followed by another question for 30 days. `membership` cannot be refused and is
 * asked for only when somebody registers, so a withdrawal does not keep its question away.
 */
export function standingOf(purpose: string, records: readonly ConsentRecord[], policies: readonly PolicyMark[], at: Date): Standing {
  const act = latestAct(records.filter((record) => record.purpose === purpose))
  if (act === null) return { state: 'none', policyVersion: null, at: null, mayAsk: true, isStale: false }
  const shared = { state: act.kind, policyVersion: act.policyVersion, at: act.at }
  if (act.kind === 'granted') {
    const isStale = diffClassSince(policies, act.policyVersion, at) === 'material'
    return { ...shared, mayAsk: isStale, isStale }
  }
  const isRested = at.getTime() - act.at.getTime() >= refusalMemoryMs
  return { ...shared, mayAsk: isRested || purpose === 'membership', isStale: false }
}
