import type { FindingOutcome } from '@qihui/shared/doctor'

/** How an outcome is called and coloured. */
export const findingOutcomes = {
  ok: { text: '正常', tone: 'good' },
  failed: { text: '异常', tone: 'bad' },
  waiting: { text: '等待', tone: 'waiting' },
  byHand: { text: '人工核对', tone: 'calm' },
  skipped: { text: '跳过', tone: 'calm' },
} as const satisfies Record<FindingOutcome, { readonly text: string; readonly tone: string }>
