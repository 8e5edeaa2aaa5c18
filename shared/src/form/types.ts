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

/** Answers as a client, a rep or a connected system sends them. */
export type RawAnswers = Readonly<Record<string, AnswerValue | null>>

/**
 * What the rules need and may not contain themselves: number plans, calendars and division codes come from kept libraries.
 * Every function is total; null or an empty list means "not understood".
 */
export interface Parsers {
  /** E.164 of a phone in any spelling, mainland numbers without a country code included. */
  phone(text: string): string | null
  /** `YYYY-MM-DD` when the calendar has this day. */
  calendarDay(year: number, month: number, day: number): string | null
  /** The day that many days after `YYYY-MM-DD`. */
  dayAfter(day: string, days: number): string
  /** Six-digit codes of every division the text can mean: a code, or names from large to small with or without separators. */
  regions(text: string): readonly string[]
  /** `广东省 深圳市 南山区` of a six-digit code. */
  regionName(code: string): string | null
}
