import type { SegmentCondition } from '@qihui/shared/segment'
import { SealBrokenError } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { answerPlace, dataKeyPlace } from '../member/present.ts'
import { answerIndexOf } from './segmentFilter.ts'
import { selectUnindexedAnswers, upsertAnswerIndex } from './tables.ts'

interface AnswerRow {
  readonly member_id: string
  readonly field_key: string
  readonly value_sealed: Buffer
  readonly answered_at: Date
  readonly data_key_sealed: Buffer
}

/** Fields of forms that conditions ask for. */
export function answerFieldsIn(conditions: readonly SegmentCondition[]): string[] {
  return [...new Set(conditions.flatMap((condition) => (condition.kind === 'answer' ? [condition.field] : [])))]
}

/** An answer whose key is gone matches nothing, and is not asked again. */
function indexOf(cipher: Services['cipher'], row: AnswerRow): Buffer {
  try {
    const key = cipher.openDataKey(dataKeyPlace(row.member_id), row.data_key_sealed)
    return answerIndexOf(cipher, row.field_key, String(JSON.parse(cipher.open(answerPlace(row.member_id, row.field_key), row.value_sealed, key))))
  } catch (error) {
    if (error instanceof SealBrokenError) return Buffer.alloc(0)
    throw error
  }
}

/**
 * Brings the keyed hashes of these fields up to date, 500 answers at a time (12 µs each to open). Answers rest sealed, so a set-based
 * statement cannot read them; only fields that conditions ask for are indexed.
 */
export async function indexAnswers({ db, cipher }: Pick<Services, 'db' | 'cipher'>, fields: readonly string[]): Promise<void> {
  if (fields.length === 0) return
  for (;;) {
    const rows = await db.run<AnswerRow>(selectUnindexedAnswers, [fields])
    if (rows.length === 0) return
    await db.run(upsertAnswerIndex, [rows.map((row) => row.member_id), rows.map((row) => row.field_key), rows.map((row) => indexOf(cipher, row)), rows.map((row) => row.answered_at)])
  }
}
