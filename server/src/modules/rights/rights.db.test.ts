import { randomUUID } from 'node:crypto'
import { abilityFor, type RoleGrant } from '@qihui/shared/rights'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StaffActor } from '../../http/actor.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeDepartments } from '../contact/commands/storeDepartments.ts'
import { hideDepartedStaff, storeStaff } from '../contact/commands/storeStaff.ts'
import { createStaffSessions } from '../staff/sessions.ts'
import { grantRole, revokeRole, setRightsModel } from './commands.ts'
import { findStaff, getRights } from './queries.ts'

let services: TestServices
const departments = [
  { departmentId: 1, name: '总部', parentId: 0 },
  { departmentId: 2, name: '华东大区', parentId: 1 },
  { departmentId: 5, name: '上海门店', parentId: 2 },
  { departmentId: 3, name: '华南大区', parentId: 1 },
]

function actor(staffUserId: string, grants: RoleGrant[], departmentTreeIds: number[] = []): StaffActor {
  return { kind: 'staff', staffUserId, name: staffUserId, isOperator: true, rights: abilityFor({ grants, departmentIds: [], departmentTreeIds }) }
}
const admin = actor('manager.wu', [{ role: 'systemAdmin', scope: 'all' }])
const ofEast = actor('manager.xu', [{ role: 'systemAdmin', scope: 'departmentTree' }], [2, 5])

beforeAll(async () => {
  services = await createTestServices({ settings: { OPERATOR_STAFF_USER_IDS: 'manager.wu' } })
  await storeDepartments(services, departments)
  await storeStaff(services, [
    { staffUserId: 'manager.wu', name: '吴倩', departmentIds: [1] },
    { staffUserId: 'manager.xu', name: '徐峰', departmentIds: [2] },
    { staffUserId: 'rep.li', name: '李静', departmentIds: [5] },
    { staffUserId: 'rep.liu', name: '刘洋', departmentIds: [3] },
    { staffUserId: 'rep.both', name: '两地的人', departmentIds: [3, 5] },
  ])
})
beforeEach(async () => {
  await services.db.pool.query('truncate staff_role')
  await setRightsModel(services, admin, { model: 'central', defaultRole: 'salesRep' }, 'r0')
})
afterAll(() => services.close())

/** A session of this employee, as a browser holds it. */
async function sessionOf(staffUserId: string): Promise<string> {
  const token = `token-${randomUUID()}`
  await services.db.pool.query(`insert into staff_session values ($1, $2, $3::timestamptz, $3::timestamptz + interval '1 hour')`, [hashToken(token), staffUserId, services.now()])
  return token
}

async function rightsHeld(staffUserId: string) {
  return (await createStaffSessions(services).authenticate(await sessionOf(staffUserId))) ?? null
}

describe('a session', () => {
  it('carries the default role, the roles granted, and the departments below those of the staff', async () => {
    await grantRole(services, admin, { staffUserId: 'manager.xu', role: 'serviceAgent', scope: 'departmentTree' }, 'r1')
    const held = await rightsHeld('manager.xu')
    expect(held?.rights?.facts).toEqual({
      grants: [{ role: 'salesRep', scope: 'own' }, { role: 'serviceAgent', scope: 'departmentTree' }],
      departmentIds: [2],
      departmentTreeIds: [2, 5],
    })
    expect(held?.isOperator).toBe(false)
  })

  it('of somebody the settings name is an admin without a grant', async () => {
    const held = await rightsHeld('manager.wu')
    expect(held?.isOperator).toBe(true)
    expect(held?.rights?.may({ action: 'create', subject: 'Rights' }, { relation: 'other' })).toBe(true)
    expect(held?.rights?.may({ action: 'read', subject: 'Contact' }, { relation: 'other' })).toBe(false)
  })

  it('has no right at all when nobody is anything by default', async () => {
    await setRightsModel(services, admin, { model: 'central', defaultRole: null }, 'r1')
    const held = await rightsHeld('rep.li')
    expect(held?.rights?.facts.grants).toEqual([])
  })

  it('follows a grant and its end at the next request of this process', async () => {
    const sessions = createStaffSessions(services)
    const token = await sessionOf('rep.li')
    const mayReadTeam = async () => (await sessions.authenticate(token))?.rights?.may({ action: 'read', subject: 'Contact' }, { relation: 'department' })
    expect(await mayReadTeam()).toBe(false)
    const { grantId } = await grantRole(services, admin, { staffUserId: 'rep.li', role: 'serviceAgent', scope: 'department' }, 'r1')
    sessions.forgetRights()
    expect(await mayReadTeam()).toBe(true)
    await revokeRole(services, admin, grantId, 'r2')
    sessions.forgetRights()
    expect(await mayReadTeam()).toBe(false)
  })

  it('ends when the staff leaves the visible scope, and moves when WeCom moves them', async () => {
    await storeStaff(services, [{ staffUserId: 'rep.moving', name: '要走的人', departmentIds: [2] }])
    const token = await sessionOf('rep.moving')
    const departmentsOf = async () => (await createStaffSessions(services).authenticate(token))?.rights?.facts.departmentTreeIds
    expect(await departmentsOf()).toEqual([2, 5])
    await storeStaff(services, [{ staffUserId: 'rep.moving', name: '要走的人', departmentIds: [3] }])
    expect(await departmentsOf()).toEqual([3])
    await hideDepartedStaff(services, ['rep.moving'])
    expect(await departmentsOf()).toBeUndefined()
  })
})

describe('the mirror of departments', () => {
  it('follows the list twice the same, forgets what is no longer listed, and survives a circle', async () => {
    await storeDepartments(services, [...departments, { departmentId: 7, name: '临时', parentId: 8 }, { departmentId: 8, name: '圈', parentId: 7 }])
    await storeStaff(services, [{ staffUserId: 'rep.circle', name: '圈中人', departmentIds: [7] }])
    expect((await rightsHeld('rep.circle'))?.rights?.facts.departmentTreeIds.toSorted()).toEqual([7, 8])
    await storeDepartments(services, departments)
    await storeDepartments(services, departments)
    const { rows } = await services.db.pool.query('select department_id, name, parent_id from department order by department_id')
    expect(rows).toEqual(departments.toSorted((a, b) => a.departmentId - b.departmentId).map(({ departmentId, name, parentId }) => ({ department_id: departmentId, name, parent_id: parentId })))
  })
})

describe('grantRole', () => {
  const give = (by: StaffActor, staffUserId: string, role: RoleGrant['role'] = 'serviceAgent', scope: RoleGrant['scope'] = 'department') =>
    grantRole(services, by, { staffUserId, role, scope }, 'r1')
  const live = async () => (await services.db.pool.query('select staff_user_id, role, scope from staff_role where revoked_at is null order by staff_user_id, role')).rows

  it('twice gives the same grant, another scope replaces it, and each change is in the audit', async () => {
    const first = await give(admin, 'rep.li')
    expect(await give(admin, 'rep.li')).toEqual(first)
    const second = await give(admin, 'rep.li', 'serviceAgent', 'all')
    expect(second).not.toEqual(first)
    expect(await live()).toEqual([{ staff_user_id: 'rep.li', role: 'serviceAgent', scope: 'all' }])
    const { rows } = await services.db.pool.query(`select actor_id, subject, fields from audit_entry where action = 'rights.grant' and subject = 'rep.li' order by at desc, audit_entry_id desc limit 2`)
    expect(rows.map(({ fields }) => fields).flat().sort()).toEqual(['serviceAgent:all', 'serviceAgent:department'])
    expect(rows[0]).toMatchObject({ actor_id: 'manager.wu', subject: 'rep.li' })
  })

  it('at once from ten admins leaves one grant', async () => {
    await Promise.all(Array.from({ length: 10 }, () => give(admin, 'rep.li')))
    expect(await live()).toHaveLength(1)
  })

  it('answers the same for somebody outside the departments and for nobody at all', async () => {
    await setRightsModel(services, admin, { model: 'distributed', defaultRole: 'salesRep' }, 'r1')
    await give(ofEast, 'rep.li')
    for (const staffUserId of ['rep.liu', 'rep.both', 'rep.nobody']) await expect(give(ofEast, staffUserId)).rejects.toMatchObject({ code: 'request.notFound' })
    expect(await live()).toHaveLength(1)
  })

  it.each([
    ['themselves', () => give(admin, 'manager.wu'), 'rights.notGrantable'],
    ['under the central model, an admin of a tree', () => give(ofEast, 'rep.li'), 'rights.notGrantable'],
    ['somebody without the right', () => give(actor('rep.liu', [{ role: 'operationsAdmin', scope: 'all' }]), 'rep.li'), 'rights.denied'],
    ['a scope the role does not know', () => give(admin, 'rep.li', 'auditor', 'department'), 'rights.notGrantable'],
  ])('refuses %s', async (_who, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code })
    expect(await live()).toEqual([])
  })

  it('lets an admin of a tree replace no grant that is wider than they could give', async () => {
    await setRightsModel(services, admin, { model: 'distributed', defaultRole: 'salesRep' }, 'r1')
    await give(admin, 'rep.li', 'serviceAgent', 'all')
    await expect(give(ofEast, 'rep.li')).rejects.toMatchObject({ code: 'rights.notGrantable' })
    expect(await live()).toEqual([{ staff_user_id: 'rep.li', role: 'serviceAgent', scope: 'all' }])
  })
})

describe('revokeRole', () => {
  it('ends a grant once; what is not there and what is out of reach are the same 404', async () => {
    const { grantId } = await grantRole(services, admin, { staffUserId: 'rep.liu', role: 'serviceAgent', scope: 'own' }, 'r1')
    await setRightsModel(services, admin, { model: 'distributed', defaultRole: 'salesRep' }, 'r2')
    await expect(revokeRole(services, ofEast, grantId, 'r3')).rejects.toMatchObject({ code: 'request.notFound' })
    await revokeRole(services, admin, grantId, 'r4')
    await expect(revokeRole(services, admin, grantId, 'r5')).rejects.toMatchObject({ code: 'request.notFound' })
    await expect(revokeRole(services, admin, randomUUID(), 'r6')).rejects.toMatchObject({ code: 'request.notFound' })
  })
})

describe('the page of rights', () => {
  it('shows the settings’ admins beside the grants, and what the asking admin may change', async () => {
    const { grantId } = await grantRole(services, admin, { staffUserId: 'rep.li', role: 'approver', scope: 'department' }, 'r1')
    const page = await getRights(services, admin)
    expect(page).toMatchObject({ model: 'central', defaultRole: 'salesRep', isModelChangeable: true })
    expect(page.grants.map((grant) => [grant.grantId, grant.staffName, grant.departments, grant.role, grant.isRevocable])).toEqual([
      [null, '吴倩', ['总部'], 'operationsAdmin', false],
      [null, '吴倩', ['总部'], 'systemAdmin', false],
      [grantId, '李静', ['上海门店'], 'approver', true],
    ])
    expect(page.grantableRoles).toHaveLength(6)
    const east = await getRights(services, ofEast)
    expect([east.isModelChangeable, east.grantableRoles, east.grants.some(({ isRevocable }) => isRevocable)]).toEqual([false, [], false])
    await setRightsModel(services, admin, { model: 'hybrid', defaultRole: 'salesRep' }, 'r2')
    expect((await getRights(services, ofEast)).grantableRoles).toEqual([
      { role: 'serviceAgent', scopes: ['own', 'department', 'departmentTree'] },
      { role: 'salesRep', scopes: ['own', 'department', 'departmentTree'] },
    ])
  })

  it('finds staff by name or account, takes wildcards for letters, and shows an admin of a tree theirs alone', async () => {
    const found = async (by: StaffActor, text: string) => (await findStaff(services, by, text)).staff.map(({ staffUserId }) => staffUserId)
    expect(await found(admin, '李')).toEqual(['rep.li'])
    expect(await found(admin, 'REP.LI')).toEqual(expect.arrayContaining(['rep.li', 'rep.liu']))
    expect(await found(admin, '%')).toEqual([])
    expect(await found(ofEast, '')).toEqual(expect.arrayContaining(['manager.xu', 'rep.li']))
    expect(await found(ofEast, 'rep.liu')).toEqual([])
    expect(await found(ofEast, 'rep.both')).toEqual([])
  })
})
