import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { corpTagIdSchema, externalUserIdSchema } from '../ids/schemas.ts'

/** One tag as a rep sees it. `isManaged` marks our own tier tags, which only the system changes. */
export const corpTagSchema = v.object({ tagId: v.string(), name: v.string(), groupName: v.string(), isManaged: v.boolean() })
export type CorpTag = v.InferOutput<typeof corpTagSchema>

/** The library a rep chooses from, grouped as in the WeCom console. */
export const listCorpTags = defineContract({
  method: 'GET',
  path: '/api/sidebar/corp-tags',
  audience: 'staff',
  permission: { action: 'read', subject: 'CorpTag' },
  summary: '企业标签库',
  response: v.object({ groups: v.array(v.object({ groupId: v.string(), name: v.string(), tags: v.array(corpTagSchema) })) }),
})

/** Changes the tags of this rep on this contact; written to WeCom by a job. */
export const changeContactTags = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/corp-tags',
  audience: 'staff',
  permission: { action: 'update', subject: 'Contact' },
  summary: '修改客户的企业标签',
  isIdempotent: true,
  params: v.object({ externalUserId: externalUserIdSchema }),
  body: v.strictObject({
    addTagIds: v.pipe(v.array(corpTagIdSchema), v.maxLength(100, '一次最多添加 100 个标签')),
    removeTagIds: v.pipe(v.array(corpTagIdSchema), v.maxLength(100, '一次最多移除 100 个标签')),
  }),
  response: v.object({ corpTags: v.array(corpTagSchema) }),
  status: 202,
  errors: ['contact.notFollowing', 'corpTag.unknown', 'corpTag.managed'],
})
