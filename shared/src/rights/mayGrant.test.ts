import { describe, expect, it } from 'vitest'
import { refusalOfGrant, type GrantWish } from './mayGrant.ts'
import { roles, scopesFor } from './roles.ts'
import type { RightsModel, RoleGrant, StaffFacts } from './types.ts'

const models: readonly RightsModel[] = ['central', 'distributed', 'hybrid']

function staffWith(...grants: RoleGrant[]): StaffFacts {
  return { grants, departmentIds: [2], departmentTreeIds: [2, 5, 6] }
}

function wish(more: Partial<GrantWish> = {}): GrantWish {
  return { role: 'serviceAgent', scope: 'department', isSelf: false, departmentIds: [5], ...more }
}

const central = staffWith({ role: 'systemAdmin', scope: 'all' })
const ofTree = staffWith({ role: 'systemAdmin', scope: 'departmentTree' })

describe('refusalOfGrant', () => {
  it.each(models)('lets an admin of the whole company give every role under the %s model', (model) => {
    for (const role of roles) for (const scope of scopesFor(role)) expect(refusalOfGrant(central, model, wish({ role, scope, departmentIds: [99] }))).toBeNull()
  })

  it.each(models)('lets nobody but system admins give roles under the %s model', (model) => {
    for (const role of roles.filter((name) => name !== 'systemAdmin')) expect(refusalOfGrant(staffWith({ role, scope: 'all' }), model, wish())).toBe('notAllowed')
    expect(refusalOfGrant(staffWith(), model, wish())).toBe('notAllowed')
    expect(refusalOfGrant(staffWith({ role: 'systemAdmin', scope: 'department' }), model, wish())).toBe('notAllowed')
  })

  it.each(models)('lets nobody change rights of their own under the %s model', (model) => {
    expect(refusalOfGrant(central, model, wish({ isSelf: true }))).toBe('self')
    expect(refusalOfGrant(ofTree, model, wish({ isSelf: true }))).toBe('self')
  })

  it.each([['auditor', 'department'], ['operationsAdmin', 'own'], ['systemAdmin', 'own'], ['systemAdmin', 'department']] as const)('knows no %s of scope %s', (role, scope) => {
    expect(refusalOfGrant(central, 'central', wish({ role, scope }))).toBe('scopeUnfit')
  })

  it('leaves an admin of a tree nothing under the central model', () => {
    expect(refusalOfGrant(ofTree, 'central', wish())).toBe('centralOnly')
  })

  it('lets an admin of a tree give roles inside it under the distributed model', () => {
    expect(refusalOfGrant(ofTree, 'distributed', wish())).toBeNull()
    expect(refusalOfGrant(ofTree, 'distributed', wish({ role: 'approver', departmentIds: [5, 6] }))).toBeNull()
    expect(refusalOfGrant(ofTree, 'distributed', wish({ role: 'systemAdmin', scope: 'departmentTree' }))).toBeNull()
  })

  it('keeps sensitive roles central under the hybrid model, and those alone', () => {
    expect(refusalOfGrant(ofTree, 'hybrid', wish())).toBeNull()
    expect(refusalOfGrant(ofTree, 'hybrid', wish({ role: 'salesRep', scope: 'departmentTree' }))).toBeNull()
    expect(refusalOfGrant(ofTree, 'hybrid', wish({ role: 'approver' }))).toBe('centralOnly')
    expect(refusalOfGrant(ofTree, 'hybrid', wish({ role: 'auditor', scope: 'all' }))).toBe('centralOnly')
    expect(refusalOfGrant(ofTree, 'hybrid', wish({ role: 'operationsAdmin', scope: 'all' }))).toBe('centralOnly')
    expect(refusalOfGrant(ofTree, 'hybrid', wish({ role: 'systemAdmin', scope: 'departmentTree' }))).toBe('centralOnly')
  })

  it.each(['distributed', 'hybrid'] as const)('never lets an admin of a tree reach beyond it under the %s model', (model) => {
    expect(refusalOfGrant(ofTree, model, wish({ scope: 'all' }))).toBe('tooWide')
    expect(refusalOfGrant(ofTree, model, wish({ departmentIds: [5, 9] }))).toBe('outsideTree')
    expect(refusalOfGrant(ofTree, model, wish({ departmentIds: [] }))).toBe('outsideTree')
  })

  it('takes the widest of several grants of the role', () => {
    const both = staffWith({ role: 'systemAdmin', scope: 'departmentTree' }, { role: 'systemAdmin', scope: 'all' })
    expect(refusalOfGrant(both, 'central', wish({ departmentIds: [9] }))).toBeNull()
  })
})
