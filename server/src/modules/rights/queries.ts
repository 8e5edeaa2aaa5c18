import type { ResponseOf } from '@qihui/shared/http'
import { refusalOfGrant, roles, scopesFor, type RightsModel, type RightsOverview, type Role, type Scope, type searchStaff as searchContract } from '@qihui/shared/rights'
import { bootstrapGrants, type StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { searchVisibleStaff, selectDepartmentNames, selectGrants, selectSetting, selectStaffNames } from './tables.ts'

const maxGrants = 2_000
const maxFound = 20

interface StaffRow {
  readonly staff_user_id: string
  readonly name: string
  readonly department_ids: readonly number[]
}

interface GrantRow {
  readonly grant_id: string
  readonly staff_user_id: string
  readonly staff_name: string
  readonly department_ids: readonly number[]
  readonly role: Role
  readonly scope: Scope
  readonly granted_by: string
  readonly granted_at: Date
}

type Grant = RightsOverview['grants'][number]

async function departmentNames({ db }: Pick<Services, 'db'>): Promise<(ids: readonly number[]) => string[]> {
  const rows = await db.run<{ department_id: number; name: string }>(selectDepartmentNames, [])
  const names = new Map(rows.map((row) => [row.department_id, row.name]))
  return (ids) => ids.map((id) => names.get(id) ?? `部门 ${id}`)
}

/** The staff the settings name: they are admins before anybody could have granted it. */
async function namedInSettings({ db, env }: Pick<Services, 'db' | 'env'>, namesOf: (ids: readonly number[]) => string[]): Promise<Grant[]> {
  const rows = await db.run<StaffRow>(selectStaffNames, [[...env.operators]])
  const known = new Map(rows.map((row) => [row.staff_user_id, row]))
  return [...env.operators].flatMap((staffUserId) => {
    const staff = known.get(staffUserId)
    const person = { staffUserId, staffName: staff?.name ?? staffUserId, departments: namesOf(staff?.department_ids ?? []) }
    return bootstrapGrants.map(({ role, scope }) => ({ grantId: null, ...person, role, scope, grantedBy: null, grantedAt: null, isRevocable: false }))
  })
}

/** The rights in force, and what the asking staff may change of them (R59, R83). */
export async function getRights(services: Pick<Services, 'db' | 'env'>, actor: StaffActor): Promise<RightsOverview> {
  const { db } = services
  const rights = actor.rights
  const [setting] = await db.run<{ model: RightsModel; default_role: Role | null }>(selectSetting, [])
  if (setting === undefined) throw new Error('rights_setting has no row')
  const namesOf = await departmentNames(services)
  const rows = await db.run<GrantRow>(selectGrants, [maxGrants])
  const mayChange = (role: Role, scope: Scope, isSelf: boolean, departmentIds: readonly number[]): boolean =>
    refusalOfGrant(rights.facts, setting.model, { role, scope, isSelf, departmentIds }) === null
  const granted = rows.map((row): Grant => ({
    grantId: row.grant_id,
    staffUserId: row.staff_user_id,
    staffName: row.staff_name,
    departments: namesOf(row.department_ids),
    role: row.role,
    scope: row.scope,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at.toISOString(),
    isRevocable: mayChange(row.role, row.scope, row.staff_user_id === actor.staffUserId, row.department_ids),
  }))
  return {
    model: setting.model,
    defaultRole: setting.default_role,
    isModelChangeable: rights.may({ action: 'update', subject: 'Rights' }, { relation: 'other' }),
    grantableRoles: roles
      .map((role) => ({ role, scopes: scopesFor(role).filter((scope) => mayChange(role, scope, false, rights.facts.departmentTreeIds)) }))
      .filter(({ scopes }) => scopes.length > 0),
    grants: [...(await namedInSettings(services, namesOf)), ...granted],
  }
}

/** Staff a grant can be about: everybody visible, or those inside the asking admin's own departments. */
export async function findStaff(services: Pick<Services, 'db'>, actor: StaffActor, text: string): Promise<ResponseOf<typeof searchContract>> {
  const rights = actor.rights
  const isCentral = rights.reachOf({ action: 'create', subject: 'Rights' }) === 'all'
  const limits = isCentral ? null : rights.facts.departmentTreeIds
  const rows = await services.db.run<StaffRow>(searchVisibleStaff, [text.replace(/[\\%_]/g, '\\$&'), limits, maxFound])
  const namesOf = await departmentNames(services)
  return { staff: rows.map((row) => ({ staffUserId: row.staff_user_id, name: row.name, departments: namesOf(row.department_ids) })) }
}
