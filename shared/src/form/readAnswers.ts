import { coerceValue } from './coerceValue.ts'
import type { FormDefinition, FormField } from './contract.ts'
import { isVisible } from './isVisible.ts'
import type { Answers, AnswerValue, Parsers, RawAnswers } from './types.ts'

/** Why an answer cannot stand. A draft may still miss answers; unreadable and unknown ones are said at once. */
export interface AnswerProblem {
  readonly key: string
  readonly kind: 'missing' | 'unreadable' | 'unknown'
  readonly message: string
}

/** How one answer was understood, to be confirmed by the person (R14). */
export interface EchoLine {
  readonly key: string
  readonly label: string
  readonly shown: string
}

export interface ReadAnswers {
  /** Coerced answers of the fields that were asked. */
  readonly answers: Answers
  readonly problems: readonly AnswerProblem[]
  /** One line per answer, in the order of the form. */
  readonly echo: readonly EchoLine[]
  /** Fields visible with these answers, in the order they are asked. */
  readonly asked: readonly FormField[]
  /** Keys of the class S answers: each needs its consent `sensitive:<key>` (PIPL 29). */
  readonly sensitive: readonly string[]
}

const chosenTypes: ReadonlySet<FormField['type']> = new Set(['choice', 'date', 'region', 'yesNo'])

/** Fields in the order they are asked: by step, then as written. */
export function orderedFields(definition: FormDefinition): FormField[] {
  return [...definition.fields].sort((a, b) => a.step - b.step)
}

function missing(field: FormField): AnswerProblem {
  return { key: field.key, kind: 'missing', message: `请${chosenTypes.has(field.type) ? '选择' : '填写'}${field.label}` }
}

/**
 * Reads a set of raw answers against one version of a form: the same for every channel (domain rules j 2-3). Unknown keys are
 * problems, answers to fields that are not asked are dropped, conditions see only fields asked before them, so nothing can go round.
 * The phone that a one-time code proves is never an answer: it comes from WeChat or from the caller's own `phone`.
 */
export function readAnswers(definition: FormDefinition, raw: RawAnswers, parsers: Parsers): ReadAnswers {
  const typed = orderedFields(definition).filter((field) => field.confirmation !== 'code')
  const known = new Set(typed.map((field) => field.key))
  const given = new Map(Object.entries(raw))
  const problems: AnswerProblem[] = [...given.keys()].filter((key) => !known.has(key)).map((key) => ({ key, kind: 'unknown', message: '登记表中没有这个字段' }))
  const answers: Record<string, AnswerValue> = {}
  const echo: EchoLine[] = []
  const asked: FormField[] = []
  for (const field of typed) {
    if (!isVisible(field.visibleIf, answers)) continue
    asked.push(field)
    const coerced = coerceValue(field, given.get(field.key) ?? null, parsers)
    if (coerced.kind === 'problem') problems.push({ key: field.key, kind: 'unreadable', message: coerced.message })
    if (coerced.kind === 'empty' && field.isRequired) problems.push(missing(field))
    if (coerced.kind !== 'value') continue
    answers[field.key] = coerced.value
    echo.push({ key: field.key, label: field.label, shown: coerced.shown })
  }
  const sensitive = asked.filter((field) => field.class === 'S' && answers[field.key] !== undefined).map((field) => field.key)
  return { answers, problems, echo, asked, sensitive }
}

/**
 * Keys of the fields with confirmation `echo` that the person has not confirmed as they are understood now.
 * @param confirmed the echo as it was sent back, by field key
 */
export function unconfirmedKeys(read: Pick<ReadAnswers, 'asked' | 'echo'>, confirmed: Readonly<Record<string, string>>): string[] {
  const toConfirm = new Set(read.asked.filter((field) => field.confirmation === 'echo').map((field) => field.key))
  const said = new Map(Object.entries(confirmed))
  return read.echo.filter(({ key, shown }) => toConfirm.has(key) && said.get(key) !== shown).map(({ key }) => key)
}
