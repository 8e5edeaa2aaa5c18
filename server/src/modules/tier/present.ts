import type { ResponseOf } from '@qihui/shared/http'
import { addMonths, localDateOf, monthsBefore, type getOwnGrowthEntries } from '@qihui/shared/tier'

type GrowthEntry = ResponseOf<typeof getOwnGrowthEntries>['entries'][number]

/** One line of the ledger as stored. */
export interface GrowthEntryRow {
  readonly growth_entry_id: string
  readonly kind: string
  readonly source: string
  readonly amount: number
  readonly occurred_at: Date
  readonly posted_at: Date
}

const titlesBySource: Readonly<Record<string, string>> = {
  registration: '注册入会',
  order: '消费',
  orderRefund: '订单退款',
  riskReview: '风险核查调整',
  formCompletion: '完善资料',
  chatDay: '聊天互动',
  documentView: '阅读资料',
}

const titlesByKind: Readonly<Record<string, string>> = { earn: '成长值奖励', reverse: '成长值扣回', adjust: '成长值调整', expire: '成长值到期', transfer: '成长值转入' }

/** One line of the ledger for its owner. @param at now: later business times do not count yet, and those past the window no longer */
export function presentGrowthEntry(row: GrowthEntryRow, qualifyingMonths: number, at: string): GrowthEntry {
  const occurredAt = row.occurred_at.toISOString()
  return {
    growthEntryId: row.growth_entry_id,
    title: titlesBySource[row.source] ?? titlesByKind[row.kind] ?? '成长值变动',
    amount: row.amount,
    occurredAt,
    postedAt: row.posted_at.toISOString(),
    isCounting: occurredAt <= at && occurredAt > monthsBefore(at, qualifyingMonths),
    countsUntil: addMonths(localDateOf(occurredAt), qualifyingMonths),
  }
}
