import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { corpTagIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'

/** Segments there can be: each keeps a corp tag on many pairs. */
export const maxSegments = 50

const anyOf = <S extends v.GenericSchema<string, string>>(value: S, what: string) => v.pipe(v.array(value), v.minLength(1, `请至少选择一个${what}`), v.maxLength(50, `最多选择 50 个${what}`))
const growth = v.optional(v.pipe(v.number(), v.integer('成长值须为整数'), v.minValue(0, '成长值不能小于 0'), v.maxValue(1_000_000_000)))
const days = v.pipe(v.number('请填写天数'), v.integer('天数须为整数'), v.minValue(1, '至少 1 天'), v.maxValue(3650, '最多 3650 天'))

/**
 * One condition of a segment: a total language without nesting, loops or calls. `anyOf` means one of these; growth bounds are inclusive;
 * `days` counts 24 hours back from the moment of evaluation.
 */
export const segmentConditionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('tier'), anyOf: anyOf(v.picklist(['normal', 'silver', 'gold']), '等级') }),
  v.strictObject({ kind: v.literal('growth'), min: growth, max: growth }),
  v.strictObject({ kind: v.literal('corpTag'), anyOf: anyOf(corpTagIdSchema, '标签') }),
  v.strictObject({ kind: v.literal('channel'), anyOf: anyOf(idSchema, '渠道') }),
  v.strictObject({ kind: v.literal('registeredWithin'), days }),
  v.strictObject({ kind: v.literal('activeWithin'), days }),
  v.strictObject({ kind: v.literal('answer'), field: v.pipe(v.string(), v.minLength(1, '请选择字段'), v.maxLength(32)), anyOf: anyOf(v.pipe(v.string(), v.maxLength(40)), '选项') }),
])
export type SegmentCondition = v.InferOutput<typeof segmentConditionSchema>

/** All of them have to hold. */
export const segmentConditionsSchema = v.pipe(v.array(segmentConditionSchema), v.minLength(1, '请至少添加一个条件'), v.maxLength(10, '最多 10 个条件'))

/** The name is also the name of the tag: at most 30 characters. */
export const segmentDraftSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写分群名称'), v.check((text) => Array.from(text).length <= 30, '分群名称最多 30 个字')),
  conditions: segmentConditionsSchema,
})

const segmentSchema = v.object({
  segmentId: idSchema,
  name: v.string(),
  conditions: v.array(segmentConditionSchema),
  /** `deleting` until its tag is gone from WeCom. */
  state: v.picklist(['active', 'paused', 'deleting']),
  /** Whether WeCom has its tag. */
  hasTag: v.boolean(),
  failure: v.nullable(v.string()),
  /** Members at the last evaluation; null before the first. */
  members: v.nullable(v.number()),
  refreshedAt: v.nullable(instantSchema),
  createdBy: v.string(),
  createdAt: instantSchema,
  changedAt: instantSchema,
})
export type Segment = v.InferOutput<typeof segmentSchema>

/** A form field that conditions may ask for: a plain choice of class P or N. */
const answerFieldSchema = v.object({ key: v.string(), label: v.string(), options: v.array(v.object({ value: v.string(), label: v.string() })) })
export type AnswerField = v.InferOutput<typeof answerFieldSchema>

export const listSegments = defineContract({
  method: 'GET',
  path: '/api/console/segments',
  audience: 'operator',
  permission: { action: 'read', subject: 'Segment' },
  summary: '动态分群',
  response: v.object({ segments: v.array(segmentSchema), maxSegments: v.number(), answerFields: v.array(answerFieldSchema) }),
})

export const createSegment = defineContract({
  method: 'POST',
  path: '/api/console/segments',
  audience: 'operator',
  permission: { action: 'create', subject: 'Segment' },
  summary: '新建动态分群',
  isIdempotent: true,
  body: segmentDraftSchema,
  response: segmentSchema,
  status: 201,
  errors: ['request.invalid', 'segment.nameTaken', 'segment.limitReached', 'corpTag.capReached'],
})

export const updateSegment = defineContract({
  method: 'PUT',
  path: '/api/console/segments/:segmentId',
  audience: 'operator',
  permission: { action: 'update', subject: 'Segment' },
  summary: '修改动态分群',
  isIdempotent: true,
  params: v.object({ segmentId: idSchema }),
  body: segmentDraftSchema,
  response: segmentSchema,
  errors: ['request.invalid', 'request.notFound', 'segment.nameTaken', 'segment.deleting'],
})

/** Who would be in it now; nothing is kept. */
export const previewSegment = defineContract({
  method: 'POST',
  path: '/api/console/segments/preview',
  audience: 'operator',
  permission: { action: 'read', subject: 'Segment' },
  summary: '预览动态分群',
  body: v.strictObject({ conditions: segmentConditionsSchema }),
  response: v.object({
    members: v.number(),
    /** Of them, those with a live relation in WeCom: only they can carry the tag. */
    reachable: v.number(),
    /** Ten of them, names masked. */
    sample: v.array(v.object({ memberNo: v.string(), name: v.nullable(v.string()), tierName: v.string(), growthValue: v.number(), registeredAt: instantSchema })),
  }),
  errors: ['request.invalid'],
})

/** A paused segment keeps its tag as it is and is not evaluated. */
export const pauseSegment = defineContract({
  method: 'POST',
  path: '/api/console/segments/:segmentId/pause',
  audience: 'operator',
  permission: { action: 'update', subject: 'Segment' },
  summary: '暂停或恢复动态分群',
  params: v.object({ segmentId: idSchema }),
  body: v.strictObject({ isPaused: v.boolean() }),
  response: segmentSchema,
  errors: ['request.notFound', 'segment.deleting'],
})

/** Evaluates now instead of at night. */
export const refreshSegment = defineContract({
  method: 'POST',
  path: '/api/console/segments/:segmentId/refresh',
  audience: 'operator',
  permission: { action: 'update', subject: 'Segment' },
  summary: '立即更新动态分群',
  params: v.object({ segmentId: idSchema }),
  response: segmentSchema,
  status: 202,
  errors: ['request.notFound', 'segment.deleting'],
})

/** Takes the tag from everybody and deletes it. */
export const deleteSegment = defineContract({
  method: 'POST',
  path: '/api/console/segments/:segmentId/deletion',
  audience: 'operator',
  permission: { action: 'delete', subject: 'Segment' },
  summary: '删除动态分群',
  params: v.object({ segmentId: idSchema }),
  response: segmentSchema,
  status: 202,
  errors: ['request.notFound'],
})
