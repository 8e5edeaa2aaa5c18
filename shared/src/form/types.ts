/** What a person can be asked for. */
export type FormFieldType = 'text' | 'choice' | 'date' | 'region' | 'phone' | 'email' | 'number' | 'yesNo'

/** Values of other fields a condition may name, after coercion. */
export type AnswerValue = string | number | boolean

/**
 * When a field is asked: a small total language without loops or calls, evaluated on the server and shown by every client alike.
 * A condition on an unanswered or hidden field is false; `not` of it is true.
 */
export type Condition =
  | { readonly kind: 'answered'; readonly field: string }
  | { readonly kind: 'equals'; readonly field: string; readonly value: AnswerValue }
  | { readonly kind: 'oneOf'; readonly field: string; readonly values: readonly AnswerValue[] }
  | { readonly kind: 'atLeast'; readonly field: string; readonly value: number }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

/** Answers of one person, by field key, after coercion. Dates `YYYY-MM-DD`, phones E.164, regions a six-digit division code. */
export type Answers = Readonly<Record<string, AnswerValue>>
