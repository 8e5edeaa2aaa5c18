import * as v from 'valibot'
import type { VendorJson } from '../vendor/transport.ts'

/** WeCom leaves absent fields out or sends them empty; both mean "nothing". */
const text = v.optional(v.string(), '')
const texts = v.optional(v.array(v.string()), [])

export const credentialWire = v.object({ expires_in: v.number(), access_token: v.optional(v.string()), ticket: v.optional(v.string()) })

/** Lower case on the current path; the retired one answered `UserId` and `OpenId` [3.2]. */
export const oauthWire = v.object({ userid: text, openid: text, external_userid: text })

export const staffWire = v.object({ userid: v.string(), name: text, department: v.optional(v.array(v.number()), []), is_leader_in_dept: v.optional(v.array(v.number()), []), direct_leader: texts, status: v.optional(v.number(), 1) })

export const departmentListWire = v.object({ department: v.optional(v.array(v.object({ id: v.number(), name: text, parentid: v.optional(v.number(), 0) })), []) })

/** Reply figures are left out on a day without a question. */
export const behaviourWire = v.object({
  behavior_data: v.optional(
    v.array(
      v.object({
        stat_time: v.number(),
        chat_cnt: v.optional(v.number(), 0),
        message_cnt: v.optional(v.number(), 0),
        reply_percentage: v.optional(v.number()),
        avg_reply_time: v.optional(v.number()),
        negative_feedback_cnt: v.optional(v.number(), 0),
        new_apply_cnt: v.optional(v.number(), 0),
        new_contact_cnt: v.optional(v.number(), 0),
      }),
    ),
    [],
  ),
})

export const followStaffWire = v.object({ follow_user: texts })

const contactWire = v.object({
  external_userid: v.string(),
  name: text,
  avatar: text,
  type: v.picklist([1, 2]),
  unionid: text,
  corp_name: text,
  corp_full_name: text,
})

const followShared = { userid: v.string(), remark: text, createtime: v.number(), add_way: v.optional(v.number(), 0), state: text }

/** `get` answers tag objects; the id is absent for personal tags (type 2) [4.2]. */
const followUserWire = v.object({ ...followShared, tags: v.optional(v.array(v.object({ tag_id: text, type: v.optional(v.number(), 1) })), []) })

/** The batch call answers one object, with tag ids only [4.2]. */
const followInfoWire = v.object({ ...followShared, tag_id: texts })

export const contactDetailWire = v.object({ external_contact: contactWire, follow_user: v.optional(v.array(followUserWire), []), next_cursor: text })

/** `list`: the ids alone, all of one employee at once. */
export const contactIdsWire = v.object({ external_userid: texts })

export const contactPageWire = v.object({
  external_contact_list: v.optional(v.array(v.object({ external_contact: contactWire, follow_info: followInfoWire })), []),
  next_cursor: text,
})

const tagGroupWire = v.object({
  group_id: v.string(),
  group_name: text,
  deleted: v.optional(v.boolean(), false),
  tag: v.optional(v.array(v.object({ id: v.string(), name: text, order: v.optional(v.number(), 0), deleted: v.optional(v.boolean(), false) })), []),
})

/** What our own app is set to; lists are absent when empty [6]. */
export const agentWire = v.object({
  close: v.optional(v.number(), 0),
  redirect_domain: text,
  allow_userinfos: v.optional(v.object({ user: v.optional(v.array(v.object({ userid: v.string() })), []) }), { user: [] }),
  allow_partys: v.optional(v.object({ partyid: v.optional(v.array(v.number()), []) }), { partyid: [] }),
  allow_tags: v.optional(v.object({ tagid: v.optional(v.array(v.number()), []) }), { tagid: [] }),
})

export const tagListWire = v.object({ tag_group: v.optional(v.array(tagGroupWire), []) })
export const tagGroupAddedWire = v.object({ tag_group: tagGroupWire })
export const contactWayWire = v.object({ config_id: v.string(), qr_code: text })
export const contactWayListWire = v.object({ contact_way: v.optional(v.array(v.object({ config_id: v.string() })), []), next_cursor: text })
export const contactWayDetailWire = v.object({ contact_way: v.object({ config_id: v.string(), qr_code: text, state: text }) })

export type ContactWire = v.InferOutput<typeof contactWire>
export type FollowUserWire = v.InferOutput<typeof followUserWire>
export type FollowInfoWire = v.InferOutput<typeof followInfoWire>
export type TagGroupWire = v.InferOutput<typeof tagGroupWire>

/** What a strange answer turns into; the transport's caller cannot tell it from no answer. */
export class StrangeAnswerError extends Error {
  constructor(path: string, issue: string) {
    super(`${path} answered in an unknown shape: ${issue}`)
    this.name = 'StrangeAnswerError'
  }
}

/** Checks an answer against its wire schema. @throws StrangeAnswerError */
export function readWire<Schema extends v.GenericSchema>(schema: Schema, path: string, json: VendorJson): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json)
  if (!parsed.success) throw new StrangeAnswerError(path, v.getDotPath(parsed.issues[0]) ?? parsed.issues[0].type)
  return parsed.output
}
