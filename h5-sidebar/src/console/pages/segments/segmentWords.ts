import type { AnswerField, Segment, SegmentCondition } from '@qihui/shared/segment'
import { tiers } from '@qihui/shared/tier'

export const conditionKinds: Record<SegmentCondition['kind'], string> = {
  tier: '会员等级',
  growth: '成长值',
  corpTag: '企业标签',
  channel: '入会渠道',
  registeredWithin: '入会时间',
  activeWithin: '最近活跃',
  answer: '登记信息',
}

export const segmentStates: Record<Segment['state'], { readonly text: string; readonly tone: 'good' | 'waiting' | 'calm' }> = {
  active: { text: '每晚更新', tone: 'good' },
  paused: { text: '已暂停', tone: 'calm' },
  deleting: { text: '正在删除', tone: 'waiting' },
}

/** Names for what conditions hold as ids. */
export interface SegmentNames {
  readonly tags: ReadonlyMap<string, string>
  readonly channels: ReadonlyMap<string, string>
  readonly fields: readonly AnswerField[]
}

const listed = (ids: readonly string[], names: ReadonlyMap<string, string>) => ids.map((id) => names.get(id) ?? '已删除').join('、')

function growthWords(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `成长值 ${min} 至 ${max}`
  return min !== undefined ? `成长值不低于 ${min}` : `成长值不高于 ${max}`
}

/** A condition as somebody would say it. */
export function conditionWords(condition: SegmentCondition, names: SegmentNames): string {
  switch (condition.kind) {
    case 'tier':
      return `等级为${condition.anyOf.map((code) => tiers.find((tier) => tier.code === code)?.name ?? code).join('、')}`
    case 'growth':
      return growthWords(condition.min, condition.max)
    case 'corpTag':
      return `有标签${listed(condition.anyOf, names.tags)}之一`
    case 'channel':
      return `来自渠道${listed(condition.anyOf, names.channels)}`
    case 'registeredWithin':
      return `${condition.days} 天内入会`
    case 'activeWithin':
      return `${condition.days} 天内活跃`
    case 'answer': {
      const field = names.fields.find(({ key }) => key === condition.field)
      return `${field?.label ?? condition.field}为${condition.anyOf.map((value) => field?.options.find((option) => option.value === value)?.label ?? value).join('、')}`
    }
  }
}

/** A fresh condition of a kind, to be filled in. */
export function conditionOfKind(kind: SegmentCondition['kind'], fields: readonly AnswerField[]): SegmentCondition {
  switch (kind) {
    case 'growth':
      return { kind, min: 1000 }
    case 'registeredWithin':
    case 'activeWithin':
      return { kind, days: 30 }
    case 'answer':
      return { kind, field: fields[0]?.key ?? '', anyOf: [] }
    default:
      return { kind, anyOf: [] }
  }
}
