import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'
import type { Condition } from './types.ts'

const fieldKey = v.pipe(v.string(), v.regex(/^[a-z][0-9A-Za-z]{0,31}$/, '字段名须以小写字母开头，由 1-32 位字母或数字组成'))
const scalar = v.union([v.pipe(v.string(), v.maxLength(200)), v.number(), v.boolean()])

/** Deeper input is not read at all: it could only exhaust the reader. What may be published is far less deep, see the publish gate. */
const deepestCondition = 20

function isTooDeep(condition: unknown, left: number): boolean {
  if (typeof condition !== 'object' || condition === null || !('of' in condition)) return false
  if (left === 0) return true
  return Array.isArray(condition.of) ? condition.of.some((part) => isTooDeep(part, left - 1)) : isTooDeep(condition.of, left - 1)
}

/** The visible-if language. */
export const conditionSchema: v.GenericSchema<Condition> = v.lazy((input) =>
  isTooDeep(input, deepestCondition)
    ? v.never('显示条件嵌套过深')
    : v.variant('kind', [
        v.strictObject({ kind: v.literal('answered'), field: fieldKey }),
        v.strictObject({ kind: v.literal('equals'), field: fieldKey, value: scalar }),
        v.strictObject({ kind: v.literal('oneOf'), field: fieldKey, values: v.pipe(v.array(scalar), v.minLength(1), v.maxLength(50)) }),
        v.strictObject({ kind: v.literal('atLeast'), field: fieldKey, value: v.number() }),
        v.strictObject({ kind: v.literal('all'), of: v.pipe(v.array(conditionSchema), v.maxLength(10)) }),
        v.strictObject({ kind: v.literal('any'), of: v.pipe(v.array(conditionSchema), v.maxLength(10)) }),
        v.strictObject({ kind: v.literal('not'), of: conditionSchema }),
      ]),
)

/**
 * One question of a form (domain rules j). `purpose`, `legalBasis` and `retentionDays` may be missing in a draft and never in a published version.
 * The phone that WeChat verifies is the field with key `phone` and confirmation `code`: it is given by a tap, not typed.
 */
export const formFieldSchema = v.strictObject({
  key: fieldKey,
  label: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写字段名称'), v.maxLength(20, '字段名称最多 20 个字')),
  hint: v.optional(v.pipe(v.string(), v.maxLength(60, '提示最多 60 个字'))),
  type: v.picklist(['text', 'choice', 'date', 'region', 'phone', 'email', 'number', 'yesNo']),
  /** P public, N normal (masked by default), S sensitive (own consent control, assessment id needed). */
  class: v.picklist(['P', 'N', 'S']),
  purpose: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(60, '用途最多 60 个字'))),
  legalBasis: v.optional(v.picklist(['consent', 'contract'])),
  retentionDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650))),
  /** Impact assessment that allowed a sensitive field (PIPL 55). */
  assessmentId: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(64))),
  isRequired: v.boolean(),
  /** 1 is the first screen; later steps come one at a time. */
  step: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
  visibleIf: v.optional(conditionSchema),
  options: v.optional(v.pipe(v.array(v.strictObject({ value: v.pipe(v.string(), v.minLength(1), v.maxLength(40)), label: v.pipe(v.string(), v.minLength(1), v.maxLength(40)) })), v.maxLength(50, '选项最多 50 个'))),
  maxLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500))),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
  /** `code`: proved by a one-time code (phone). `echo`: shown back as understood and confirmed with one tap (R14). */
  confirmation: v.picklist(['none', 'code', 'echo']),
})
export type FormField = v.InferOutput<typeof formFieldSchema>

/** The body of a form, without its identity. */
export const formDefinitionSchema = v.strictObject({
  fields: v.pipe(v.array(formFieldSchema), v.maxLength(50, '一份登记表最多 50 个字段')),
})
export type FormDefinition = v.InferOutput<typeof formDefinitionSchema>

const formKey = v.pipe(v.string(), v.regex(/^[a-z][0-9a-z-]{0,31}$/, '登记表标识须以小写字母开头，由 1-32 位小写字母、数字或 - 组成'))

/** One immutable version. `version` is unique over all forms, so a submission names it alone. */
export const formVersionSchema = v.object({
  formKey: v.string(),
  version: v.string(),
  publishedAt: instantSchema,
  publishedBy: v.nullable(v.string()),
  definition: formDefinitionSchema,
})
export type FormVersion = v.InferOutput<typeof formVersionSchema>

/** Why a definition cannot be published, or what a reviewer should look at. */
export const publishProblemSchema = v.object({ level: v.picklist(['error', 'warning']), field: v.nullable(v.string()), message: v.string() })
export type PublishProblem = v.InferOutput<typeof publishProblemSchema>

/** What changed from one version to the next, for the reviewer. */
export const formDiffSchema = v.object({ added: v.array(v.string()), removed: v.array(v.string()), changed: v.array(v.string()), addsSensitive: v.boolean() })

export const listForms = defineContract({
  method: 'GET',
  path: '/api/console/forms',
  audience: 'operator',
  permission: { action: 'read', subject: 'Form' },
  summary: '登记表及其全部版本',
  response: v.object({ forms: v.array(v.object({ formKey: v.string(), name: v.string(), versions: v.array(formVersionSchema) })) }),
})

/** Checks a definition without publishing it: the same gate as publishing, and the difference to the version in force. */
export const checkForm = defineContract({
  method: 'POST',
  path: '/api/console/forms/:formKey/check',
  audience: 'operator',
  permission: { action: 'create', subject: 'Form' },
  summary: '检查登记表能否发布',
  params: v.object({ formKey }),
  body: v.strictObject({ definition: formDefinitionSchema }),
  response: v.object({ problems: v.array(publishProblemSchema), diff: formDiffSchema }),
})

/** Publishes the next version; the previous one is accepted for another 24 hours. A new key makes a new form. */
export const publishForm = defineContract({
  method: 'POST',
  path: '/api/console/forms/:formKey/versions',
  audience: 'operator',
  permission: { action: 'create', subject: 'Form' },
  summary: '发布登记表的新版本',
  isIdempotent: true,
  params: v.object({ formKey }),
  body: v.strictObject({
    name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(30, '登记表名称最多 30 个字'))),
    /** The version this one replaces, null for a new form: two publishers do not overwrite each other. */
    replaces: v.nullable(v.string()),
    definition: formDefinitionSchema,
  }),
  response: formVersionSchema,
  status: 201,
  errors: ['form.unpublishable', 'form.versionTaken'],
})

const answersBody = v.pipe(v.record(v.pipe(v.string(), v.maxLength(32)), v.union([v.pipe(v.string(), v.maxLength(500)), v.number(), v.boolean(), v.null()])), v.check((answers) => Object.keys(answers).length <= 50, '一次最多提交 50 个字段'))
/** Raw answers as a client sends them. */
export const rawAnswersSchema = answersBody

/**
 * Keeps what somebody has filled in so far (24 h) and says how it was understood. Problems do not refuse: the rest is kept.
 * The echo is what the person confirms (R14); it is sent back in `confirmed` at registration.
 */
export const saveDraft = defineContract({
  method: 'PUT',
  path: '/api/registrations/draft',
  audience: 'member',
  summary: '保存登记草稿，并回显系统理解的内容',
  body: v.strictObject({
    channelToken: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{22}$/))),
    formVersion: v.pipe(v.string(), v.maxLength(64)),
    answers: answersBody,
  }),
  response: v.object({
    echo: v.array(v.object({ key: v.string(), label: v.string(), shown: v.string() })),
    problems: v.array(v.object({ key: v.string(), message: v.string() })),
  }),
  errors: ['form.outdated'],
})

/** Where somebody left off. Consents given and a phone WeChat has already verified are not asked for again. */
export const getDraft = defineContract({
  method: 'GET',
  path: '/api/registrations/draft',
  audience: 'member',
  summary: '读取未完成的登记',
  response: v.object({
    draft: v.nullable(
      v.object({
        channelToken: v.nullable(v.string()),
        formVersion: v.nullable(v.string()),
        answers: v.record(v.string(), scalar),
        /** Consents of this session for the policy in force, still standing. */
        consentIds: v.array(idSchema),
        consentedAt: v.nullable(instantSchema),
        /** True while a verified phone waits: registration goes on without `phoneCode`. */
        hasPhone: v.boolean(),
        phoneMasked: v.nullable(v.string()),
        /** True while an SMS code is awaited. */
        isChallenged: v.boolean(),
      }),
    ),
  }),
})
