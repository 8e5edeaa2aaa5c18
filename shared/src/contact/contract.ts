import * as v from 'valibot'
import { corpTagSchema } from '../corp-tag/contract.ts'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { tierProgressSchema } from '../tier/contract.ts'

/** One line of the timeline, newest first. */
export const timelineEntrySchema = v.object({
  at: instantSchema,
  kind: v.picklist(['contact.added', 'contact.lost', 'member.registered', 'member.confirmed', 'member.restored', 'member.quietNotice', 'identity.linked', 'identity.merged', 'identity.unmerged', 'growth.earned', 'tier.changed', 'corpTag.changed', 'invitation.sent']),
  title: v.string(),
  detail: v.nullable(v.string()),
})
export type TimelineEntry = v.InferOutput<typeof timelineEntrySchema>

/** The suggestion at the top of the card. */
export const nextStepSchema = v.object({ kind: v.picklist(['invite', 'wait', 'upgrade', 'care']), title: v.string(), detail: v.string() })
export type NextStep = v.InferOutput<typeof nextStepSchema>

const contactSchema = v.object({
  externalUserId: v.string(),
  /** 1 a WeChat user, 2 a WeCom user of another corp. */
  type: v.picklist([1, 2]),
  name: v.string(),
  avatarUrl: v.nullable(v.string()),
  corpName: v.nullable(v.string()),
  remark: v.nullable(v.string()),
  /** How the viewer stands to the customer; who does not serve them reads only. */
  relation: v.picklist(['own', 'department', 'departmentTree', 'other']),
  followUsers: v.array(v.object({ staffUserId: v.string(), name: v.string(), addedAt: instantSchema, isSelf: v.boolean() })),
})

const memberProfileSchema = v.object({
  memberId: idSchema,
  /** Nothing done for 180 days (R67): the membership rests until the customer comes back; no marketing meanwhile. */
  isArchived: v.boolean(),
  tier: tierProgressSchema,
  /**
   * The profile fields and answers the viewer may know of. `isMasked`: the value is not raw. `needsApproval`: sensitive, the value is empty
   * and opens only with a second person's approval (R86). `instant` values are ISO instants.
   */
  fields: v.array(v.object({ key: v.string(), label: v.string(), type: v.picklist(['text', 'phone', 'instant']), value: v.string(), isMasked: v.boolean(), needsApproval: v.boolean() })),
})

/**
 * Everything the sidebar shows about one external contact, from our mirror only (R15, R17).
 * `notMirrored`: WeCom has not told us yet. `notRegistered`: a contact, not a member. Both are answers, not errors.
 */
export const getSidebarContact = defineContract({
  method: 'GET',
  path: '/api/sidebar/contacts/:externalUserId',
  audience: 'staff',
  permission: { action: 'read', subject: 'Contact' },
  summary: '侧边栏客户名片',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: v.object({
    state: v.picklist(['notMirrored', 'notRegistered', 'member']),
    contact: v.nullable(contactSchema),
    member: v.nullable(memberProfileSchema),
    corpTags: v.array(corpTagSchema),
    timeline: v.array(timelineEntrySchema),
    nextStep: nextStepSchema,
  }),
  errors: ['contact.notFollowing'],
})
export type SidebarContact = v.InferOutput<typeof getSidebarContact.response>

/** Asks for a fresh read of this contact from WeCom; the answer comes through the mirror. */
export const refreshContact = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/refresh',
  audience: 'staff',
  permission: { action: 'read', subject: 'Contact' },
  summary: '请求重新同步客户',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: v.object({ isQueued: v.boolean() }),
  status: 202,
})
