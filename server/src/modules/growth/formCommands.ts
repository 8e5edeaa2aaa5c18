import type { Services } from '../../services.ts'
import type { GrowthRulesRow } from './present.ts'
import { selectGrowthRules } from './ruleTables.ts'
import { postGrowth, type LockedMember } from './steps.ts'
import { lockMemberById, selectCompletedGroups } from './tables.ts'

interface CompletedGroup {
  readonly member_id: string
  readonly group_key: string
  readonly growth: number
  readonly done_at: Date
}

/**
 * Posts the bonus of every group of fields that was completed and not yet rewarded (R45), each by the rules of the moment its last field
 * was answered: a group that a later version adds gives nothing for what was answered before. Once per member and group for ever.
 * @param memberId one member, or null for everybody @returns how many were posted
 */
export async function awardCompletedForms({ db, now }: Pick<Services, 'db' | 'now'>, memberId: string | null): Promise<number> {
  const at = now()
  const versions = await db.run<GrowthRulesRow>(selectGrowthRules, [])
  let posted = 0
  for (const [index, { version, definition, effective_from: from }] of versions.entries()) {
    const until = versions[index + 1]?.effective_from ?? null
    if (definition.formGroups.length === 0) continue
    const completed = await db.run<CompletedGroup>(selectCompletedGroups, [JSON.stringify(definition.formGroups), from, until, at, memberId])
    for (const group of completed) {
      const standing = await db.transaction(async (tx) => {
        const [member] = await tx.run<LockedMember>(lockMemberById, [group.member_id])
        if (member === undefined) return null
        const sourceId = `${group.member_id}:${group.group_key}`
        return postGrowth(tx, member, { kind: 'earn', amount: group.growth, source: 'formCompletion', sourceId, occurredAt: group.done_at, rulesVersion: version }, at)
      })
      if (standing !== null) posted += 1
    }
  }
  return posted
}
