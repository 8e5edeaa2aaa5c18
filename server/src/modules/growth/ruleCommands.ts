import { AppError } from '@qihui/shared/errors'
import { firstGrowthRules, type GrowthRulesDefinition, type publishGrowthRules as publishGrowthRulesContract, type PublishedGrowthRules } from '@qihui/shared/growth'
import type { BodyOf } from '@qihui/shared/http'
import type { TierRules } from '@qihui/shared/tier'
import { ruleLeadMs } from '../../db/ruleBook.ts'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { loadTierRules } from '../tier/steps.ts'
import { presentGrowthRules, type GrowthRulesRow } from './present.ts'
import { insertGrowthRules, lockGrowthRules, selectGrowthRules } from './ruleTables.ts'

/** Writes the rules a new installation starts with; what is published later stays. */
export async function publishFirstGrowthRules({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  const { version, effectiveFrom, ...definition } = firstGrowthRules
  await db.run(insertGrowthRules, [version, effectiveFrom, JSON.stringify(definition), now(), null])
}

/** When a version begins: as asked for, and never before every process knows it or before the version it replaces. */
function beginningOf(asked: string | null, newest: GrowthRulesRow, at: Date): Date {
  const earliest = new Date(Math.max(at.getTime() + ruleLeadMs, newest.effective_from.getTime() + 1))
  if (asked === null) return earliest
  const chosen = new Date(asked)
  const refuse = (message: string) => new AppError('request.invalid', undefined, [{ path: 'body.effectiveFrom', message }])
  if (chosen <= at) throw refuse('生效时间须晚于现在：已发生的记录不会重新计算')
  if (chosen <= newest.effective_from) throw refuse('生效时间须晚于上一版本的生效时间')
  return chosen < earliest ? earliest : chosen
}

/** Joining alone must not lift a tier: a registration is one statement that asks no engine (docs/adr/0005). */
function checkJoining(registration: number, tierVersions: readonly TierRules[], at: Date): void {
  const open = tierVersions.filter(({ effectiveFrom }, index) => effectiveFrom > at.toISOString() || (tierVersions[index + 1]?.effectiveFrom ?? '9') > at.toISOString())
  const threshold = Math.min(...open.map(({ ladder }) => ladder[1]?.minGrowth ?? Number.POSITIVE_INFINITY))
  if (registration < threshold) return
  throw new AppError('request.invalid', undefined, [{ path: 'body.definition.registration', message: `注册成长值须低于银卡会员的门槛 ${threshold}，否则一注册就升级` }])
}

/**
 * Publishes a version of the earning rules: it decides about what happens from its first instant on, never about what happened before
 * (R97). Written with its audit row. Two publishers do not overwrite each other: the second is told.
 * @throws AppError `rules.versionTaken`, `request.invalid`
 */
export async function publishGrowthRules(
  { db, now, growthRules }: Pick<Services, 'db' | 'now' | 'growthRules'>,
  actor: StaffActor,
  { replaces, definition, effectiveFrom }: Omit<BodyOf<typeof publishGrowthRulesContract>, 'definition'> & { readonly definition: GrowthRulesDefinition },
  requestId: string,
): Promise<PublishedGrowthRules> {
  const published = await db.transaction(async (tx) => {
    await tx.run(lockGrowthRules, [])
    const at = now()
    const versions = await tx.run<GrowthRulesRow>(selectGrowthRules, [])
    const newest = versions.at(-1)
    checkJoining(definition.registration, await loadTierRules(tx), at)
    if (newest === undefined || newest.version !== replaces) throw new AppError('rules.versionTaken')
    const row = { version: `growth.${versions.length + 1}`, effective_from: beginningOf(effectiveFrom, newest, at), definition, published_at: at, published_by: actor.name }
    await tx.run(insertGrowthRules, [row.version, row.effective_from, JSON.stringify(definition), at, actor.staffUserId])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'growthRules.published', subject: `growthRules:${row.version}`, requestId })
    return presentGrowthRules(row)
  })
  await growthRules.refresh()
  return published
}
