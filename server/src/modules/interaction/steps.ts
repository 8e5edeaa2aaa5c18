import { growthForInteraction, growthRulesAt, type GrowthRules, type InteractionKind } from '@qihui/shared/growth'
import type { Identifier } from '@qihui/shared/identity'
import type { TierStanding } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import { newId } from '../../security/newId.ts'
import { postGrowth, type StandingMember } from '../growth/steps.ts'
import { insertInteraction, lockMemberByIdentifiers, selectInteractionCount } from './tables.ts'

/** A member locked for an interaction. Who is held or has not confirmed earns nothing. */
export type InteractingMember = StandingMember & { readonly may_earn: boolean }

/** One thing a member did. */
export interface Interaction {
  readonly kind: InteractionKind
  /** Names the event: one key counts once for ever. */
  readonly sourceKey: string
  readonly documentId: string | null
  readonly occurredAt: Date
  readonly via: Identifier
}

/** The member behind the first of these identifiers, locked, or null. */
export async function lockMember(tx: Tx, identifiers: readonly Identifier[]): Promise<InteractingMember | null> {
  const [member] = await tx.run<InteractingMember>(lockMemberByIdentifiers, [identifiers.map(({ namespace }) => namespace), identifiers.map(({ value }) => value)])
  return member ?? null
}

/**
 * Records an interaction and posts what it earns under the rules and caps of its time (R46). The member must be locked by the caller:
 * only so are the caps exact.
 * @returns whether it is new, what it earned, and the standing when that changed
 */
export async function recordInteraction(
  tx: Tx,
  versions: readonly [GrowthRules, ...GrowthRules[]],
  member: InteractingMember,
  { kind, sourceKey, documentId, occurredAt, via }: Interaction,
  at: Date,
): Promise<{ readonly isNew: boolean; readonly growth: number; readonly standing: TierStanding | null }> {
  const happenedAt = occurredAt > at ? at : occurredAt
  const rules = growthRulesAt(versions, happenedAt.toISOString())
  const [had = { on_day: 0, in_month: 0 }] = await tx.run<{ on_day: number; in_month: number }>(selectInteractionCount, [member.member_id, kind, happenedAt])
  const growth = member.may_earn ? growthForInteraction(rules, kind, { onDay: had.on_day, inMonth: had.in_month }) : 0
  const inserted = await tx.run(insertInteraction, [newId(), member.member_id, kind, sourceKey, documentId, happenedAt, at, growth, via.namespace, via.value])
  if (inserted.length === 0) return { isNew: false, growth: 0, standing: null }
  if (growth === 0) return { isNew: true, growth: 0, standing: null }
  const standing = await postGrowth(tx, member, { kind: 'earn', amount: growth, source: kind, sourceId: sourceKey, occurredAt: happenedAt, via, rulesVersion: rules.version }, at)
  return { isNew: true, growth, standing }
}
