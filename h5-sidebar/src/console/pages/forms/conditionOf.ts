import type { AnswerValue, Condition, FormField } from '@qihui/shared/form'

/** A first value that an answer of this field could have. */
export function firstValueOf(field: FormField | undefined): AnswerValue {
  if (field?.type === 'choice') return field.options?.[0]?.value ?? ''
  if (field?.type === 'yesNo') return true
  return field?.type === 'number' ? (field.min ?? 0) : ''
}

/** A condition of this kind to start from; it keeps the field of the one it replaces. */
export function conditionOf(kind: Condition['kind'], fields: readonly FormField[], former?: Condition): Condition {
  const key = former && 'field' in former ? former.field : (fields[0]?.key ?? '')
  const value = firstValueOf(fields.find((field) => field.key === key))
  const inner: Condition = former && former.kind !== 'all' && former.kind !== 'any' && former.kind !== 'not' ? former : { kind: 'answered', field: key }
  switch (kind) {
    case 'answered':
      return { kind, field: key }
    case 'equals':
      return { kind, field: key, value }
    case 'oneOf':
      return { kind, field: key, values: [value] }
    case 'atLeast':
      return { kind, field: key, value: typeof value === 'number' ? value : 0 }
    case 'all':
    case 'any':
      return { kind, of: former?.kind === 'all' || former?.kind === 'any' ? former.of : [inner] }
    case 'not':
      return { kind, of: inner }
  }
}
