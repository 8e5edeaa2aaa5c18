import type { FormDefinition } from '@qihui/shared/form'
import type { AnswerField, Segment, SegmentCondition } from '@qihui/shared/segment'

/** A segment as stored. */
export interface SegmentRow {
  readonly segment_id: string
  readonly name: string
  readonly conditions: readonly SegmentCondition[]
  readonly state: Segment['state']
  readonly tag_id: string | null
  readonly failure: string | null
  readonly member_count: number | null
  readonly refreshed_at: Date | null
  readonly created_by: string
  readonly created_at: Date
  readonly changed_at: Date
}

/** A segment as the console shows it. */
export function presentSegment(row: SegmentRow): Segment {
  return {
    segmentId: row.segment_id,
    name: row.name,
    conditions: [...row.conditions],
    state: row.state,
    hasTag: row.tag_id !== null,
    failure: row.failure,
    members: row.member_count,
    refreshedAt: row.refreshed_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  }
}

const yesNo = [
  { value: 'true', label: '是' },
  { value: 'false', label: '否' },
]

/**
 * Fields that conditions may ask for: plain choices of class P or N, with every option there has ever been. A field that was sensitive in
 * any version is left out. @param definitions every version of every form, oldest first
 */
export function answerFieldsOf(definitions: readonly FormDefinition[]): AnswerField[] {
  const fields = new Map<string, AnswerField>()
  const sensitive = new Set<string>()
  for (const field of definitions.flatMap((definition) => definition.fields)) {
    if (field.class === 'S') sensitive.add(field.key)
    if (field.type !== 'choice' && field.type !== 'yesNo') continue
    const options = new Map(fields.get(field.key)?.options.map((option) => [option.value, option]))
    for (const option of field.type === 'yesNo' ? yesNo : (field.options ?? [])) options.set(option.value, option)
    fields.set(field.key, { key: field.key, label: field.label, options: [...options.values()] })
  }
  return [...fields.values()].filter(({ key }) => !sensitive.has(key))
}
