import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const jobSchema = v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,64}$/, '不是有效的任务名称'))

/** Letters of one page, and the most that can be named in one request. */
export const deadLetterPageSize = 50
/** Letters one request runs again or discards when it means all; the answer says how many are left. */
export const deadLetterBatchSize = 500

/** What can be told of a job's data: ids and codes, never a name, a phone or a code that opens something. */
const payloadSchema = v.array(v.object({ name: v.string(), value: v.string() }))

export const deadLetterSchema = v.object({
  deadLetterId: idSchema,
  /** The job it was; for a job of another version of the server, its name there. */
  job: v.string(),
  payload: payloadSchema,
  /** Why the last run failed; null when it was not written down. `code` is one of the error catalogue, `timedOut`, or a name from outside. */
  failure: v.nullable(v.object({ code: v.nullable(v.string()), message: v.string() })),
  /** Runs in all; null: it never ran here. */
  attempts: v.nullable(count),
  askedAt: instantSchema,
  gaveUpAt: instantSchema,
})
export type DeadLetter = v.InferOutput<typeof deadLetterSchema>

export const deadLetterQueueSchema = v.object({
  /** Name of the job; `unhandled` are those of another version of the server. */
  job: v.string(),
  dead: count,
  /** Waiting, running or about to be tried again right now. */
  underWay: count,
  oldestAt: v.nullable(instantSchema),
})
export type DeadLetterQueue = v.InferOutput<typeof deadLetterQueueSchema>

/** Queues with jobs that failed for good, the fullest first. `at` is the time of the queue: what came later is not meant by "all". */
export const listDeadLetterQueues = defineContract({
  method: 'GET',
  path: '/api/console/dead-letter-queues',
  audience: 'operator',
  permission: { action: 'read', subject: 'Health' },
  summary: '最终失败的任务，按队列统计',
  response: v.object({ at: instantSchema, queues: v.array(deadLetterQueueSchema) }),
})

/** Jobs of one queue that failed for good, newest first, 50 at a time; the cursor is opaque. */
export const listDeadLetters = defineContract({
  method: 'GET',
  path: '/api/console/dead-letters',
  audience: 'operator',
  permission: { action: 'read', subject: 'Health' },
  summary: '一个队列中最终失败的任务',
  query: v.object({ job: jobSchema, cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{1,17}_[0-9a-f-]{36}$/, '翻页标记无效，请刷新'))) }),
  response: v.object({ deadLetters: v.array(deadLetterSchema), nextCursor: v.nullable(v.string()) }),
})

/** Some by name, or all that gave up until an instant (`at` of the list): what fails again meanwhile is not taken twice. */
const choiceSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('some'), deadLetterIds: v.pipe(v.array(idSchema), v.minLength(1, '请至少选择一个任务'), v.maxLength(deadLetterPageSize, `一次最多选择 ${deadLetterPageSize} 个任务`)) }),
  v.strictObject({ kind: v.literal('all'), gaveUpUntil: instantSchema }),
])
export type DeadLetterChoice = v.InferInput<typeof choiceSchema>

/** `handled` by this request; `left` of what was meant. Letters somebody else dealt with meanwhile are passed over. */
const outcomeSchema = v.object({ handled: count, left: count })

/** Asks for the jobs once more, with the keys they had: an effect that was reached before is not reached twice (P5). */
export const replayDeadLetters = defineContract({
  method: 'POST',
  path: '/api/console/dead-letter-replays',
  audience: 'operator',
  permission: { action: 'update', subject: 'Health' },
  summary: '重新执行失败的任务（全部时每次最多 500 个）',
  body: v.strictObject({ job: jobSchema, choice: choiceSchema }),
  response: outcomeSchema,
})

/** Why nobody needs the work any more. No free text: a reason may name no customer. */
export const discardReasons = { repaired: '已由对账或人工处理', outdated: '已过时效，执行也没有意义', test: '测试产生的任务' } as const

/** Drops the jobs for good; who did, how many and why stays in the audit. */
export const discardDeadLetters = defineContract({
  method: 'POST',
  path: '/api/console/dead-letter-discards',
  audience: 'operator',
  permission: { action: 'update', subject: 'Health' },
  summary: '丢弃失败的任务（全部时每次最多 500 个）',
  body: v.strictObject({ job: jobSchema, choice: choiceSchema, reason: v.picklist(['repaired', 'outdated', 'test'], '请选择丢弃的原因') }),
  response: outcomeSchema,
})
