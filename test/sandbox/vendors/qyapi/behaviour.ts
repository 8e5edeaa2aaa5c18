import { findStaff } from '../../world/state.ts'
import { VendorError } from '../endpoint.ts'
import { optionalInteger } from '../readBody.ts'
import type { Endpoint, VendorCall } from '../endpoint.ts'

const DAY_SECONDS = 86_400
/** Days are those of Shanghai. */
const ZONE_SECONDS = 8 * 3600
const LONGEST_SPAN_DAYS = 30
const OLDEST_DAYS = 180
const MOST_STAFF = 100

/** The local midnight at or before an instant: a time within a day is rounded down. */
function midnight(seconds: number): number {
  return Math.floor((seconds + ZONE_SECONDS) / DAY_SECONDS) * DAY_SECONDS - ZONE_SECONDS
}

function badArgument(call: VendorCall, what: string): VendorError {
  return new VendorError(call.state.settings.switches.codes.badArgument, `invalid parameter ${what}`)
}

function staffOf(call: VendorCall): string[] {
  const listed = call.body['userid']
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MOST_STAFF) throw badArgument(call, 'userid')
  return listed.map((userId) => {
    const member = findStaff(call.state, String(userId))
    if (!member) throw new VendorError(60111, 'userid not found')
    if (!member.isVisible) throw new VendorError(60011, 'no privilege to access/modify contact/party/agent')
    return member.userId
  })
}

/** Figures of a day: contacts really added that day, and a chat with each customer followed by then. They do not change when asked again. */
function figures(call: VendorCall, userIds: readonly string[], start: number): Record<string, number> {
  const end = start + DAY_SECONDS
  const relations = [...call.state.relations.values()].filter((relation) => userIds.includes(relation.staffUserId))
  const added = relations.filter(({ createdAt }) => createdAt >= start * 1000 && createdAt < end * 1000).length
  const chats = relations.filter(({ createdAt }) => createdAt < end * 1000).length
  const day = { stat_time: start, chat_cnt: chats, message_cnt: chats * 6, new_apply_cnt: 0, new_contact_cnt: added, negative_feedback_cnt: 0 }
  // Without a chat the reply figures are left out.
  return chats === 0 ? day : { ...day, reply_percentage: 92.5, avg_reply_time: 3 }
}

/** 获取「联系客户统计」数据 (document 92132): by employee, several together as their sum, never by customer. */
export const behaviourEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_user_behavior_data',
    meaning: '读取员工联系客户统计',
    token: 'access',
    empty: { behavior_data: [] },
    needsContactApi: true,
    handle(call) {
      const userIds = staffOf(call)
      const start = midnight(optionalInteger(call, 'start_time') ?? 0)
      const end = midnight(optionalInteger(call, 'end_time') ?? 0)
      const today = midnight(Math.floor(call.state.clock.now() / 1000))
      if (end < start || (end - start) / DAY_SECONDS >= LONGEST_SPAN_DAYS) throw badArgument(call, 'end_time')
      if (start < today - OLDEST_DAYS * DAY_SECONDS || end >= today) throw badArgument(call, 'start_time')
      const days = Array.from({ length: (end - start) / DAY_SECONDS + 1 }, (_, index) => start + index * DAY_SECONDS)
      return { behavior_data: days.map((day) => figures(call, userIds, day)) }
    },
  },
]
