import type { FormVersion } from './contract.ts'
import { formOverlapMs } from './forms.ts'

type Published = Pick<FormVersion, 'version' | 'publishedAt'>

/** Oldest first; two of one instant by their text, so that every process agrees. */
export function byPublication(a: Published, b: Published): number {
  return Date.parse(a.publishedAt) - Date.parse(b.publishedAt) || (a.version < b.version ? -1 : 1)
}

/**
 * The version in force at an instant: the newest one already published, before the first the first.
 * Null only when there is none. Works for forms and policies alike.
 */
export function versionInForce<P extends Published>(versions: readonly P[], at: Date): P | null {
  const ordered = [...versions].sort(byPublication)
  return ordered.filter((each) => Date.parse(each.publishedAt) <= at.getTime()).at(-1) ?? ordered[0] ?? null
}

/**
 * Versions of one form that may be submitted at an instant (domain rules j 2): the one in force, and each version for another
 * 24 hours after it was replaced, so that nobody loses what was typed in the meantime. Newest first.
 */
export function acceptedVersions<P extends Published>(versions: readonly P[], at: Date): P[] {
  const inForce = versionInForce(versions, at)
  if (inForce === null) return []
  const published = [...versions].sort(byPublication).filter((each) => Date.parse(each.publishedAt) <= at.getTime())
  const overlapping = published.filter((_, index) => {
    const replacedBy = published[index + 1]
    return replacedBy !== undefined && at.getTime() - Date.parse(replacedBy.publishedAt) < formOverlapMs
  })
  return [inForce, ...overlapping.reverse()]
}
