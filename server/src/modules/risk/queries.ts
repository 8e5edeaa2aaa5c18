import type { listRiskAllowances as listRiskAllowancesContract, listRiskDecisions as listRiskDecisionsContract, RiskDecision } from '@qihui/shared/risk'
import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { Services } from '../../services.ts'
import { presentDecision, type DecisionRow } from './present.ts'
import { selectAlarms, selectAllowances, selectDecision, selectDecisions } from './tables.ts'

/** The newest 500 decisions, what waits for a look first, and the alarms of a day. @param isOpen only those that wait, only the others, or null for all */
export async function listRiskDecisions({ db, cipher, now }: Pick<Services, 'db' | 'cipher' | 'now'>, isOpen: boolean | null): Promise<ResponseOf<typeof listRiskDecisionsContract>> {
  const decisions = await db.run<DecisionRow>(selectDecisions, [isOpen])
  const alarms = await db.run<{ at: Date; message: string }>(selectAlarms, [now()])
  return { decisions: decisions.map((row) => presentDecision(cipher, row)), alarms: alarms.map(({ at, message }) => ({ at: at.toISOString(), message })) }
}

/** @throws AppError `request.notFound` */
export async function getRiskDecision({ db, cipher }: Pick<Services, 'db' | 'cipher'>, decisionId: string): Promise<RiskDecision> {
  const [row] = await db.run<DecisionRow>(selectDecision, [decisionId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentDecision(cipher, row)
}

type Allowance = ResponseOf<typeof listRiskAllowancesContract>['allowances'][number]

/** The newest 200 allowances, those that end last first. */
export async function listRiskAllowances({ db }: Pick<Services, 'db'>): Promise<Allowance[]> {
  const rows = await db.run<{ allowance_id: string; name: string; channel_id: string; max_per_ten_minutes: number; starts_at: Date; ends_at: Date; created_by: string }>(selectAllowances, [])
  return rows.map((row) => ({
    allowanceId: row.allowance_id,
    name: row.name,
    channelId: row.channel_id,
    maxPerTenMinutes: row.max_per_ten_minutes,
    from: row.starts_at.toISOString(),
    until: row.ends_at.toISOString(),
    createdBy: row.created_by,
  }))
}
