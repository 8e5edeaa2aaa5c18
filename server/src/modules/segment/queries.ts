import type { ResponseOf } from '@qihui/shared/http'
import { maxSegments, type listSegments as listSegmentsContract, type previewSegment as previewSegmentContract, type SegmentCondition } from '@qihui/shared/segment'
import type { TierCode } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { maskedContactName } from '../corp-tag/present.ts'
import { tierName } from '../identity/present.ts'
import { answerFieldsIn, indexAnswers } from './indexAnswers.ts'
import { presentSegment, type SegmentRow } from './present.ts'
import { segmentFilter } from './segmentFilter.ts'
import { loadAnswerFields, requireSoundConditions } from './steps.ts'
import { countMembers, sampleMembers, selectSegments } from './tables.ts'

/** Every segment, newest first, and the fields conditions may ask for. */
export async function listSegments({ db }: Pick<Services, 'db'>): Promise<ResponseOf<typeof listSegmentsContract>> {
  const rows = await db.run<SegmentRow>(selectSegments, [])
  return { segments: rows.map(presentSegment), maxSegments, answerFields: await loadAnswerFields(db) }
}

interface SampleRow {
  readonly member_no: string
  readonly tier: TierCode
  readonly growth_value: number
  readonly registered_at: Date
  readonly external_user_id: string | null
  readonly name_sealed: Buffer | null
  readonly data_key_sealed: Buffer | null
}

function nameOf(cipher: Services['cipher'], { external_user_id, name_sealed, data_key_sealed }: SampleRow): string | null {
  return external_user_id === null || name_sealed === null || data_key_sealed === null ? null : maskedContactName(cipher, { external_user_id, name_sealed, data_key_sealed })
}

/** Who would be in a segment now, with ten of them by masked name. Nothing is kept but keyed hashes of answers. @throws AppError `request.invalid` */
export async function previewSegment(services: Pick<Services, 'db' | 'now' | 'cipher'>, conditions: readonly SegmentCondition[]): Promise<ResponseOf<typeof previewSegmentContract>> {
  const { db, now, cipher } = services
  await requireSoundConditions(db, conditions)
  await indexAnswers(services, answerFieldsIn(conditions))
  const filter = segmentFilter(cipher, conditions, now())
  const [count] = await db.run<{ members: number; reachable: number }>(countMembers, filter)
  const sample = await db.run<SampleRow>(sampleMembers, filter)
  return {
    members: count?.members ?? 0,
    reachable: count?.reachable ?? 0,
    sample: sample.map((row) => ({
      memberNo: row.member_no,
      name: nameOf(cipher, row),
      tierName: tierName(row.tier),
      growthValue: row.growth_value,
      registeredAt: row.registered_at.toISOString(),
    })),
  }
}
