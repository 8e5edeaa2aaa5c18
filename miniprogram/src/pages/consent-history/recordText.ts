import { purposeTexts } from '@qihui/shared/consent'
import type { ConsentRecord } from '../../api/calls.ts'
import { instantLabel } from '../../platform/dayLabel.ts'

const evidences: Readonly<Record<string, string>> = { miniProgram: '小程序', invitePage: '邀请页', staff: '员工代为登记', integration: '业务系统' }

/** One purpose in words. */
export function purposeLabel(purpose: string): string {
  return purposeTexts.find((one) => one.purpose === purpose)?.label ?? (purpose.startsWith('sensitive:') ? '敏感信息单独同意' : purpose)
}

/** What was decided, as it stands: `已同意`, `未同意`, `已撤回`. */
export function decisionLabel({ decision, withdrawnAt }: ConsentRecord): string {
  if (decision === 'refused') return '未同意'
  return withdrawnAt === null ? '已同意' : '已撤回'
}

/** The facts that prove a record, one per line. */
export function recordLines(record: ConsentRecord): string[] {
  return [
    `时间：${instantLabel(record.at)}`,
    ...(record.withdrawnAt === null ? [] : [`撤回时间：${instantLabel(record.withdrawnAt)}`]),
    `政策版本：${record.policyVersion}`,
    `方式：${evidences[record.evidence] ?? record.evidence}${record.channelName === null ? '' : `（${record.channelName}）`}`,
    `文本校验：${record.textHash}`,
  ]
}

/** The whole history as text, for the person to keep. */
export function historyText(records: readonly ConsentRecord[]): string {
  return records.map((record) => [`${purposeLabel(record.purpose)}：${decisionLabel(record)}`, ...recordLines(record)].join('\n')).join('\n\n')
}
