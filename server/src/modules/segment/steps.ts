import type { FormDefinition } from '@qihui/shared/form'
import { AppError } from '@qihui/shared/errors'
import { segmentProblems, type AnswerField, type SegmentCondition } from '@qihui/shared/segment'
import type { Tx } from '../../db/pool.ts'
import { answerFieldsOf } from './present.ts'
import { selectChannels, selectFormDefinitions, selectFreeTags } from './tables.ts'

/** Fields of forms that conditions may ask for. */
export async function loadAnswerFields(tx: Tx): Promise<AnswerField[]> {
  return answerFieldsOf((await tx.run<{ definition: FormDefinition }>(selectFormDefinitions, [])).map((row) => row.definition))
}

/** @throws AppError `request.invalid` with the place of each condition that cannot be */
export async function requireSoundConditions(tx: Tx, conditions: readonly SegmentCondition[]): Promise<void> {
  const channelIds = conditions.flatMap((condition) => (condition.kind === 'channel' ? condition.anyOf : []))
  const tags = await tx.run<{ tag_id: string }>(selectFreeTags, [])
  const channels = await tx.run<{ channel_id: string }>(selectChannels, [channelIds])
  const world = {
    corpTagIds: new Set(tags.map((row) => row.tag_id)),
    channelIds: new Set(channels.map((row) => row.channel_id)),
    answerFields: await loadAnswerFields(tx),
  }
  const problems = segmentProblems(conditions, world)
  if (problems.length > 0) throw new AppError('request.invalid', undefined, problems)
}
