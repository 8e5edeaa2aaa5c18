import { addDays, addMonths, localDateOf, startOfDay } from '@qihui/shared/tier'
import type { StageContext } from '../types.ts'
import { ControlError } from './readJson.ts'

const yearMs = 366 * 86_400_000
/** A year of nights is some hundred jobs. */
const answerTimeoutMs = 120_000

/** How far to go; exactly one of them. */
export interface TimeStep {
  readonly days: number | null
  readonly months: number | null
  /** Local day, `YYYY-MM-DD`. */
  readonly date: string | null
}

function targetDay(today: string, { days, months, date }: TimeStep): string {
  if (days !== null) return addDays(today, days)
  if (months !== null) return addMonths(today, months)
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) throw new ControlError(400, '日期要写成 2027-02-10 的样子')
  return date
}

/** Whether the time of product and platforms can be moved together. */
export function canMoveTime({ options }: StageContext): boolean {
  return options.serverUrl !== null && options.integrationKey !== undefined && options.clockFile !== undefined
}

async function moveServer({ options, clock }: StageContext, byMs: number): Promise<number> {
  const response = await fetch(new URL('/api/trial/clock', options.serverUrl ?? undefined), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${options.integrationKey ?? ''}` },
    body: JSON.stringify({ offsetMs: Math.round(clock.now() - Date.now() + byMs) }),
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  const answer = (await response.json()) as { nightlyRuns?: number; title?: string; detail?: string }
  if (!response.ok) throw new ControlError(422, answer.detail ?? answer.title ?? `产品没有拨动时间（HTTP ${response.status}）`)
  return answer.nightlyRuns ?? 0
}

/**
 * Moves the time of the product first, night by night, then that of WeCom and WeChat; the time of day stays.
 * @throws ControlError when the time cannot be moved, would go back, or is more than a year away
 */
export async function moveTime(context: StageContext, step: TimeStep): Promise<{ now: number; nightlyRuns: number }> {
  if (!canMoveTime(context)) throw new ControlError(503, '只有用 npm start 启动的产品才能拨动时间')
  const { clock, wire } = context
  const today = localDateOf(new Date(clock.now()).toISOString())
  const byMs = Date.parse(startOfDay(targetDay(today, step))) - Date.parse(startOfDay(today))
  if (byMs <= 0) throw new ControlError(400, '时间只能向前拨')
  if (byMs > yearMs) throw new ControlError(400, '一次最多快进一年')
  const startedAt = performance.now()
  const nightlyRuns = await moveServer(context, byMs)
  await clock.advance(byMs)
  wire.add({ from: 'desktop', to: 'server', what: 'POST /api/trial/clock', meaning: '时间快进，其间每晚的任务逐日执行', status: 200, errcode: null, durationMs: Math.round(performance.now() - startedAt) })
  return { now: clock.now(), nightlyRuns }
}
