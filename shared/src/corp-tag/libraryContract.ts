import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { corpTagIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'

/** At most 30 characters (platform 5); what people see counts, so an emoji is one. */
const name = (what: string) =>
  v.pipe(v.string(), v.trim(), v.minLength(1, `请填写${what}`), v.check((text) => Array.from(text).length <= 30, `${what}最多 30 个字`))
const tagNames = v.pipe(v.array(name('标签名称')), v.minLength(1, '请至少填写一个标签'), v.maxLength(100, '一次最多新建 100 个标签'))

/** `managed` kept by the system, `app` made by this app, `elsewhere` made in the WeCom console or by another app: readable, not editable. */
const origin = v.picklist(['managed', 'app', 'elsewhere'])
const changeState = v.picklist(['waiting', 'done', 'failed'])
/** The newest change of a tag or group, with why it failed. */
const latest = v.nullable(v.object({ state: changeState, failure: v.nullable(v.string()), at: instantSchema }))

const libraryTagSchema = v.object({ tagId: v.string(), name: v.string(), origin, /** Customers that carry it with any employee. */ customers: v.number(), change: latest })
export type LibraryTag = v.InferOutput<typeof libraryTagSchema>
const libraryGroupSchema = v.object({ groupId: v.string(), name: v.string(), origin, change: latest, tags: v.array(libraryTagSchema) })
export type LibraryGroup = v.InferOutput<typeof libraryGroupSchema>

/** What an operator wants changed. `id` names a tag or a group; deleting a group deletes its tags. */
export const corpTagChangeSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('createGroup'), name: name('标签组名称'), tagNames }),
  v.strictObject({ kind: v.literal('createTags'), groupId: corpTagIdSchema, tagNames }),
  v.strictObject({ kind: v.literal('rename'), id: corpTagIdSchema, name: name('名称') }),
  v.strictObject({ kind: v.literal('reorder'), groupId: corpTagIdSchema, tagIds: v.pipe(v.array(corpTagIdSchema), v.minLength(1), v.maxLength(10_000)) }),
  v.strictObject({ kind: v.literal('delete'), id: corpTagIdSchema }),
])
export type CorpTagChange = v.InferOutput<typeof corpTagChangeSchema>

const askedChangeSchema = v.object({
  changeId: idSchema,
  /** In words: `新建标签“母婴、护肤”到“兴趣”`. */
  summary: v.string(),
  state: changeState,
  failure: v.nullable(v.string()),
  createdBy: v.string(),
  createdAt: instantSchema,
})
export type AskedTagChange = v.InferOutput<typeof askedChangeSchema>

/** The library as mirrored from WeCom, and the newest 50 changes asked for. */
export const getTagLibrary = defineContract({
  method: 'GET',
  path: '/api/console/corp-tags',
  audience: 'operator',
  permission: { action: 'read', subject: 'CorpTag' },
  summary: '企业标签库：归属、使用人数与写入状态',
  response: v.object({ groups: v.array(libraryGroupSchema), changes: v.array(askedChangeSchema), tagCount: v.number(), maxTags: v.number() }),
})

/** Asks for one change; a job writes it to WeCom. */
export const changeTagLibrary = defineContract({
  method: 'POST',
  path: '/api/console/corp-tags/changes',
  audience: 'operator',
  permission: { action: 'update', subject: 'CorpTag' },
  summary: '修改企业标签库',
  isIdempotent: true,
  body: corpTagChangeSchema,
  response: askedChangeSchema,
  status: 202,
  errors: ['corpTag.unknown', 'corpTag.managed', 'corpTag.notOurs', 'corpTag.nameTaken', 'corpTag.capReached'],
})

/** Reads the library from WeCom again. */
export const refreshTagLibrary = defineContract({
  method: 'POST',
  path: '/api/console/corp-tags/refresh',
  audience: 'operator',
  permission: { action: 'update', subject: 'CorpTag' },
  summary: '从企业微信刷新标签库',
  response: v.object({ requestedAt: instantSchema }),
  status: 202,
})
