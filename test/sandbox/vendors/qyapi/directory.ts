import { credentials } from '../../world/credentials.ts'
import { DEPARTMENT_LEADERS, DEPARTMENTS, DIRECT_LEADERS } from '../../world/seedStaff.ts'
import { findStaff } from '../../world/state.ts'
import { requiredQuery } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Department } from '../../world/seedStaff.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { SandboxStaff } from '../../types.ts'

/** A member of an app made after 2022-06-20: no avatar, gender, mobile, email, biz_mail, qr_code, address [6]. */
function presentUser(member: SandboxStaff): Record<string, unknown> {
  const zeros = member.departmentIds.map(() => 0)
  return {
    userid: member.userId,
    name: member.name,
    department: member.departmentIds,
    order: zeros,
    position: member.position,
    is_leader_in_dept: member.departmentIds.map((id) => (DEPARTMENT_LEADERS.get(id) === member.userId ? 1 : 0)),
    direct_leader: [DIRECT_LEADERS.get(member.userId)].filter((leader) => leader !== undefined),
    telephone: '',
    alias: '',
    status: 1,
    main_department: member.departmentIds[member.departmentIds.length - 1],
    extattr: { attrs: [] },
  }
}

function departmentOf(call: VendorCall, key: string): Department {
  const id = Number(requiredQuery(call, key))
  const department = DEPARTMENTS.find((candidate) => candidate.id === id)
  if (!department) throw new VendorError(60011, 'no privilege to access/modify contact/party/agent')
  return department
}

/** Direct members of the department that are inside the app's visibility. */
function membersOf(call: VendorCall): SandboxStaff[] {
  const department = departmentOf(call, 'department_id')
  return call.state.staff.filter((member) => member.isVisible && member.departmentIds.includes(department.id))
}

/** The department and everything below it; without `id` the whole tree. */
function subtree(call: VendorCall): readonly Department[] {
  if (!call.query['id']) return DEPARTMENTS
  const root = departmentOf(call, 'id')
  return DEPARTMENTS.filter((department) => department.id === root.id || department.parentId === root.id)
}

function presentDepartment(department: Department): Record<string, unknown> {
  return { id: department.id, name: department.name, department_leader: [DEPARTMENT_LEADERS.get(department.id)].filter((leader) => leader !== undefined), parentid: department.parentId, order: department.order }
}

function presentAgent(call: VendorCall): VendorAnswer {
  if (requiredQuery(call, 'agentid') !== credentials.agentId) throw new VendorError(301002, 'not allow operate another agent')
  const visible = call.state.staff.filter((member) => member.isVisible)
  return {
    agentid: Number(credentials.agentId),
    name: '企会',
    square_logo_url: '',
    description: '会员登记与服务',
    allow_userinfos: { user: visible.map((member) => ({ userid: member.userId })) },
    allow_partys: { partyid: [] },
    allow_tags: { tagid: [] },
    close: 0,
    redirect_domain: call.state.settings.trustedDomains[0] ?? '',
    report_location_flag: 0,
    isreportenter: 0,
    home_url: '',
  }
}

export const directoryEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/cgi-bin/user/get',
    meaning: '读取一名员工',
    token: 'access',
    handle(call) {
      const member = findStaff(call.state, requiredQuery(call, 'userid'))
      if (!member) throw new VendorError(60111, 'userid not found')
      if (!member.isVisible) throw new VendorError(60011, 'no privilege to access/modify contact/party/agent')
      return presentUser(member)
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/user/simplelist',
    meaning: '读取部门员工名单',
    token: 'access',
    empty: { userlist: [] },
    handle: (call) => ({
      userlist: membersOf(call).map((member) => ({ userid: member.userId, name: member.name, department: member.departmentIds })),
    }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/user/list',
    meaning: '读取部门员工资料',
    token: 'access',
    empty: { userlist: [] },
    handle: (call) => ({ userlist: membersOf(call).map(presentUser) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/simplelist',
    meaning: '读取部门编号',
    token: 'access',
    empty: { department_id: [] },
    handle: (call) => ({ department_id: subtree(call).map(({ id, parentId, order }) => ({ id, parentid: parentId, order })) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/get',
    meaning: '读取一个部门',
    token: 'access',
    empty: { department: {} },
    handle: (call) => ({ department: presentDepartment(departmentOf(call, 'id')) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/department/list',
    meaning: '读取部门列表',
    token: 'access',
    empty: { department: [] },
    handle: (call) => ({ department: subtree(call).map(presentDepartment) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/agent/get',
    meaning: '读取应用与可见范围',
    token: 'access',
    handle: presentAgent,
  },
]
