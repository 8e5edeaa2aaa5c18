import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import { localDateOf, startOfDay, type publishTierRules as publishTierRulesContract, type PublishedTierRules } from '@qihui/shared/tier'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { definitionOf, presentTierRules, type TierRulesRow } from './rulePresent.ts'
import { insertPublishedTierRules, lockTierRules, selectPublishedTierRules } from './ruleTables.ts'

const refuse = (path: string, message: string) => new AppError('request.invalid', undefined, [{ path: `body.${path}`, message }])

/** The first instant of a version: a local midnight that has not come, after that of the version it replaces. */
function beginningOf(effectiveOn: string, newest: TierRulesRow, at: Date): string {
  if (effectiveOn <= localDateOf(at.toISOString())) throw refuse('effectiveOn', '最早自次日零点生效')
  const from = startOfDay(effectiveOn)
  if (from <= newest.effective_from.toISOString()) throw refuse('effectiveOn', '生效日期须晚于上一版本的生效日期')
  return from
}

/**
 * Publishes a version of the tier rules from a later local day on (R97): what was decided before stays, reviews that come decide by it. Written
 * with its audit row. Two publishers do not overwrite each other: the second is told.
 * @throws AppError `rules.versionTaken`, `request.invalid`
 */
export async function publishTierRules(
  { db, now, tierRules, growthRules }: Pick<Services, 'db' | 'now' | 'tierRules' | 'growthRules'>,
  actor: StaffActor,
  { replaces, definition, effectiveOn }: BodyOf<typeof publishTierRulesContract>,
  requestId: string,
): Promise<PublishedTierRules> {
  const { registration } = await growthRules.at(now())
  if (registration >= definition.silver.minGrowth) throw refuse('definition.silver.minGrowth', `银卡门槛须高于注册成长值 ${registration}，否则一注册就升级`)
  const published = await db.transaction(async (tx) => {
    await tx.run(lockTierRules, [])
    const at = now()
    const versions = await tx.run<TierRulesRow>(selectPublishedTierRules, [])
    const newest = versions.at(-1)
    if (newest?.version !== replaces) throw new AppError('rules.versionTaken')
    const from = beginningOf(effectiveOn, newest, at)
    const row = { version: `tier.${versions.length + 1}`, effective_from: new Date(from), definition: definitionOf(definition), published_at: at, published_by: actor.name }
    await tx.run(insertPublishedTierRules, [row.version, from, JSON.stringify(row.definition), at, actor.staffUserId])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'tierRules.published', subject: `tierRules:${row.version}`, requestId })
    return presentTierRules(row)
  })
  await tierRules.refresh()
  return published
}
