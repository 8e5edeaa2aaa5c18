import type { FieldProblem } from '../errors/codes.ts'
import type { AnswerField, SegmentCondition } from './contract.ts'

/** What conditions may name. */
export interface SegmentWorld {
  /** Tags of people, not of the system: a segment that followed tier or group tags would follow itself. */
  readonly corpTagIds: ReadonlySet<string>
  readonly channelIds: ReadonlySet<string>
  readonly answerFields: readonly AnswerField[]
}

/** A condition may be asked once; tags may be asked again, and each field of a form once. */
function repeatKey(condition: SegmentCondition): string | null {
  if (condition.kind === 'corpTag') return null
  return condition.kind === 'answer' ? `answer:${condition.field}` : condition.kind
}

function problemOf(condition: SegmentCondition, world: SegmentWorld): string | null {
  switch (condition.kind) {
    case 'growth':
      if (condition.min === undefined && condition.max === undefined) return '请填写成长值的下限或上限'
      return condition.min !== undefined && condition.max !== undefined && condition.min > condition.max ? '成长值的下限不能大于上限' : null
    case 'corpTag':
      return condition.anyOf.every((tagId) => world.corpTagIds.has(tagId)) ? null : '标签不存在，或由系统维护，不能用作条件'
    case 'channel':
      return condition.anyOf.every((channelId) => world.channelIds.has(channelId)) ? null : '渠道不存在'
    case 'answer': {
      const field = world.answerFields.find(({ key }) => key === condition.field)
      if (field === undefined) return '只能使用登记表中的单选或是非字段，且不能是敏感信息'
      return condition.anyOf.every((value) => field.options.some((option) => option.value === value)) ? null : '选项不存在'
    }
    default:
      return null
  }
}

/** Everything that keeps conditions from being saved, each with its place in `conditions`. Empty: they may be. */
export function segmentProblems(conditions: readonly SegmentCondition[], world: SegmentWorld): FieldProblem[] {
  const seen = new Set<string>()
  return conditions.flatMap((condition, index) => {
    const key = repeatKey(condition)
    const isRepeated = key !== null && seen.has(key)
    if (key !== null) seen.add(key)
    const message = isRepeated ? '同一种条件只能添加一次，请合并为一条' : problemOf(condition, world)
    return message === null ? [] : [{ path: `body.conditions.${index}`, message }]
  })
}
