import { AppError } from '@qihui/shared/errors'
import type { InferOutput } from 'valibot'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { behaviourWire, departmentListWire, followStaffWire, oauthWire, readWire, staffWire } from './answers.wire.ts'
import type { WecomCaller } from './caller.ts'
import { wecomErrcode } from './refusals.ts'
import type { StaffBehaviourDay, Wecom } from './wecom.ts'

/** 1 is active; 2 disabled, 4 not activated, 5 left (platform 6). */
const activeStatus = 1
const deadCodes: readonly number[] = [wecomErrcode.invalidCode, wecomErrcode.codeExpired, wecomErrcode.codeUsed]
const notOurStaff: readonly number[] = [wecomErrcode.outsideVisibility, wecomErrcode.userOutsideVisibility, wecomErrcode.unknownUser, wecomErrcode.badUserId]

function toBehaviourDay(wire: InferOutput<typeof behaviourWire>['behavior_data'][number]): StaffBehaviourDay {
  return {
    day: new Date(wire.stat_time * 1000), chats: wire.chat_cnt, messages: wire.message_cnt, replyPercent: wire.reply_percentage ?? null,
    replyMinutes: wire.avg_reply_time ?? null, newApplications: wire.new_apply_cnt, newContacts: wire.new_contact_cnt, lostContacts: wire.negative_feedback_cnt,
  }
}

export function staffCalls(caller: WecomCaller): Pick<Wecom, 'getStaffByCode' | 'getStaff' | 'listDepartments' | 'listFollowStaff' | 'getStaffBehaviour'> {
  return {
    getStaffByCode: (code) =>
      caller.translated(async () => {
        const path = '/cgi-bin/auth/getuserinfo'
        try {
          const wire = readWire(oauthWire, path, await caller.ask({ method: 'GET', path, query: { code } }))
          if (wire.userid !== '') return { kind: 'staff', staffUserId: wire.userid }
          return { kind: 'visitor', openId: wire.openid, externalUserId: wire.external_userid === '' ? null : wire.external_userid }
        } catch (error) {
          if (error instanceof VendorRefusal && deadCodes.includes(error.errcode)) throw new AppError('oauth.codeInvalid')
          throw error
        }
      }),
    getStaff: (staffUserId) =>
      caller.translated(async () => {
        const path = '/cgi-bin/user/get'
        try {
          const wire = readWire(staffWire, path, await caller.ask({ method: 'GET', path, query: { userid: staffUserId } }))
          return {
            staffUserId: wire.userid,
            name: wire.name,
            departmentIds: wire.department,
            // One figure beside each department, in the same order [6].
            ledDepartmentIds: wire.department.filter((_id, index) => wire.is_leader_in_dept[index] === 1),
            leaderIds: wire.direct_leader,
            isActive: wire.status === activeStatus,
          }
        } catch (error) {
          if (error instanceof VendorRefusal && notOurStaff.includes(error.errcode)) return null
          throw error
        }
      }),
    listDepartments: () =>
      caller.translated(async () => {
        const path = '/cgi-bin/department/list'
        const wire = readWire(departmentListWire, path, await caller.ask({ method: 'GET', path }))
        // Since 2022 an app without the contacts right gets no names [6]; the number is better than nothing.
        return wire.department.map(({ id, name, parentid }) => ({ departmentId: id, name: name === '' ? `部门 ${id}` : name, parentId: parentid }))
      }),
    getStaffBehaviour: (staffUserId, from, until) =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/get_user_behavior_data'
        const body = { userid: [staffUserId], start_time: from.getTime() / 1000, end_time: until.getTime() / 1000 }
        try {
          return readWire(behaviourWire, path, await caller.ask({ method: 'POST', path, body })).behavior_data.map(toBehaviourDay)
        } catch (error) {
          if (error instanceof VendorRefusal && (notOurStaff.includes(error.errcode) || error.errcode === wecomErrcode.noContactRight)) return null
          throw error
        }
      }),
    listFollowStaff: () =>
      caller.translated(async () => {
        const path = '/cgi-bin/externalcontact/get_follow_user_list'
        return readWire(followStaffWire, path, await caller.ask({ method: 'GET', path })).follow_user
      }),
  }
}
