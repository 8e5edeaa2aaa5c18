import type { SegmentCondition } from '@qihui/shared/segment'
import type { FieldCipher } from '../../security/fieldCipher.ts'

const dayMs = 86_400_000

/** The keyed hash of an answer to a plain choice: equal answers are found without opening any (R60). */
export function answerIndexOf(cipher: FieldCipher, field: string, value: string): Buffer {
  return cipher.indexOf(`member_answer.${field}`, value)
}

type Kind<K extends SegmentCondition['kind']> = Extract<SegmentCondition, { readonly kind: K }>

/**
 * The eight parameters of `membersOf` that conditions mean: SQL is one fixed text, values are only ever parameters.
 * What is not asked is null, or an empty list where there may be several.
 */
export function segmentFilter(cipher: FieldCipher, conditions: readonly SegmentCondition[], at: Date): readonly unknown[] {
  const one = <K extends SegmentCondition['kind']>(kind: K) => conditions.find((condition): condition is Kind<K> => condition.kind === kind)
  const all = <K extends SegmentCondition['kind']>(kind: K) => conditions.filter((condition): condition is Kind<K> => condition.kind === kind)
  const daysBefore = (days: number | undefined) => (days === undefined ? null : new Date(at.getTime() - days * dayMs).toISOString())
  const answers = all('answer').map(({ field, anyOf }) => ({ field, indexes: anyOf.map((value) => answerIndexOf(cipher, field, value).toString('hex')) }))
  return [
    one('tier')?.anyOf ?? null,
    one('growth')?.min ?? null,
    one('growth')?.max ?? null,
    daysBefore(one('registeredWithin')?.days),
    daysBefore(one('activeWithin')?.days),
    one('channel')?.anyOf ?? null,
    JSON.stringify(all('corpTag').map(({ anyOf }) => anyOf)),
    JSON.stringify(answers),
  ]
}
