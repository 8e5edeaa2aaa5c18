import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { abilityFor } from './abilityFor.ts'
import { opensConsole, relationsWithin, roleRights, roles, scopes, scopesFor } from './roles.ts'
import type { Relation, RightsAction, RightsSubject, Role, RoleGrant, Scope } from './types.ts'

const relations: readonly Relation[] = ['own', 'department', 'departmentTree', 'other']
const actions: readonly RightsAction[] = ['read', 'create', 'update', 'delete', 'export', 'approve', 'unmask']
const subjects = [...new Set(Object.values(roleRights).flatMap((rights) => rights.map(({ subject }) => subject)))]
const readContact = { action: 'read', subject: 'Contact' } as const

function rightsWith(...grants: RoleGrant[]) {
  return abilityFor({ grants, departmentIds: [2], departmentTreeIds: [2, 3] })
}

const grant = fc.record({ role: fc.constantFrom(...roles), scope: fc.constantFrom(...scopes) })

describe('abilityFor', () => {
  it('denies everything to somebody without a grant', () => {
    const nobody = rightsWith()
    for (const action of actions) {
      for (const subject of subjects) {
        expect([action, subject, nobody.mayTry({ action, subject }), nobody.reachOf({ action, subject })]).toEqual([action, subject, false, null])
        for (const relation of relations) expect(nobody.may({ action, subject }, { relation })).toBe(false)
      }
    }
  })

  it.each([
    ['own', ['own']],
    ['department', ['own', 'department']],
    ['departmentTree', ['own', 'department', 'departmentTree']],
    ['all', ['own', 'department', 'departmentTree', 'other']],
  ] as const)('lets a rep with scope %s read the customers of %j and nobody else', (scope, reached) => {
    const rep = rightsWith({ role: 'salesRep', scope })
    expect(relations.filter((relation) => rep.may(readContact, { relation }))).toEqual(reached)
    expect(relationsWithin(scope)).toEqual(reached)
    expect(rep.reachOf(readContact)).toBe(scope)
  })

  it('denies the customer of another while some customer is allowed: the type alone would have said yes', () => {
    const rep = rightsWith({ role: 'salesRep', scope: 'own' })
    expect(rep.mayTry(readContact)).toBe(true)
    expect(rep.may(readContact, { relation: 'own' })).toBe(true)
    expect(rep.may(readContact, { relation: 'department' })).toBe(false)
    expect(rep.may(readContact, { relation: 'other' })).toBe(false)
  })

  it.each([
    ['update', 'Contact'],
    ['create', 'Member'],
    ['create', 'Invitation'],
  ] as const)('lets nobody %s a %s of another’s customer, however wide the grant', (action, subject) => {
    const wide = rightsWith(...roles.map((role) => ({ role, scope: 'all' as const })))
    expect(relations.filter((relation) => wide.may({ action, subject }, { relation }))).toEqual(['own'])
  })

  it.each([
    ['operationsAdmin', 'read', 'Contact'],
    ['operationsAdmin', 'read', 'Member'],
    ['operationsAdmin', 'create', 'Rights'],
    ['operationsAdmin', 'create', 'ApiKey'],
    ['operationsAdmin', 'read', 'Audit'],
    ['auditor', 'read', 'Contact'],
    ['auditor', 'create', 'Rights'],
    ['auditor', 'update', 'Form'],
    ['approver', 'read', 'Contact'],
    ['approver', 'read', 'Audit'],
    ['approver', 'create', 'Approval'],
    ['systemAdmin', 'read', 'Contact'],
    ['systemAdmin', 'approve', 'Approval'],
    ['systemAdmin', 'update', 'Policy'],
    ['salesRep', 'approve', 'Approval'],
    ['salesRep', 'read', 'Rights'],
    ['serviceAgent', 'create', 'Channel'],
    ['serviceAgent', 'create', 'Delivery'],
  ] as const)('keeps duties apart: %s does not %s %s', (role, action, subject) => {
    expect(rightsWith({ role, scope: 'all' }).mayTry({ action, subject })).toBe(false)
  })

  it('holds rights over the company only with a grant over all', () => {
    const admin = (scope: Scope) => rightsWith({ role: 'systemAdmin', scope })
    expect(admin('all').mayTry({ action: 'create', subject: 'ApiKey' })).toBe(true)
    expect(admin('all').reachOf({ action: 'create', subject: 'Rights' })).toBe('all')
    expect(admin('departmentTree').mayTry({ action: 'create', subject: 'ApiKey' })).toBe(false)
    expect(admin('departmentTree').mayTry({ action: 'update', subject: 'Rights' })).toBe(false)
    expect(admin('departmentTree').reachOf({ action: 'create', subject: 'Rights' })).toBe('departmentTree')
  })

  it('adds up: the rights of several grants are those of each, and a narrow one takes nothing from a wide one', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 5 }), fc.constantFrom(...actions), fc.constantFrom(...subjects), fc.constantFrom(...relations), (grants, action, subject, relation) => {
        const together = rightsWith(...grants).may({ action, subject }, { relation })
        return together === grants.some((one) => rightsWith(one).may({ action, subject }, { relation }))
      }),
    )
  })

  it('reaches exactly as far as it may', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), fc.constantFrom(...actions), fc.constantFrom(...subjects), (grants, action, subject) => {
        const rights = rightsWith(...grants)
        const reach = rights.reachOf({ action, subject })
        const allowed = relations.filter((relation) => rights.may({ action, subject }, { relation }))
        expect(allowed).toEqual(reach === null ? [] : relationsWithin(reach))
        expect(rights.mayTry({ action, subject })).toBe(reach !== null)
      }),
    )
  })

  it('names what can be read, each once', () => {
    expect(rightsWith().readable()).toEqual([])
    expect(rightsWith({ role: 'auditor', scope: 'all' }, { role: 'approver', scope: 'own' }).readable().sort()).toEqual(['ApiKey', 'Approval', 'Audit', 'Form', 'Lifecycle', 'Policy', 'Report', 'Rights'])
  })

  it('hands on the facts it was made from', () => {
    expect(rightsWith().facts).toEqual({ grants: [], departmentIds: [2], departmentTreeIds: [2, 3] })
  })
})

/** The whole table, in the words of a reviewer: a right more or less is a decision, and shows here. */
const reviewed: Record<Role, string> = {
  serviceAgent:
    'Approval:create@scope Channel:read@own Contact:read@scope Contact:update@own CorpTag:read@own Invitation:create@own Member:create@own Member:read@scope',
  salesRep:
    'Approval:create@scope Channel:create@own Channel:read@own Channel:update@own Contact:read@scope Contact:update@own CorpTag:read@own Delivery:create@own Invitation:create@own Member:create@own Member:read@scope',
  operationsAdmin:
    'ApiKey:read@company Benefit:create@company Benefit:read@company Benefit:update@company Channel:create@company Channel:export@company Channel:read@company Channel:update@company CorpTag:create@company CorpTag:delete@company CorpTag:read@company CorpTag:update@company Coupon:create@company Coupon:read@company Coupon:update@company Delivery:create@company Delivery:read@company Form:create@company Form:read@company Form:update@company GrowthRules:create@company GrowthRules:read@company GrowthRules:update@company Health:read@company Health:update@company Lifecycle:create@company Lifecycle:export@company Lifecycle:read@company Lifecycle:update@company Policy:create@company Policy:read@company Review:read@company Review:update@company Risk:create@company Risk:read@company Risk:update@company Segment:create@company Segment:delete@company Segment:read@company Segment:update@company TierRules:create@company TierRules:read@company TierRules:update@company',
  approver: 'Approval:approve@scope Approval:read@scope',
  auditor:
    'ApiKey:read@company Approval:read@company Audit:export@company Audit:read@company Form:read@company Lifecycle:read@company Policy:read@company Report:create@company Report:export@company Report:read@company Rights:read@company',
  systemAdmin:
    'ApiKey:create@company ApiKey:delete@company ApiKey:read@company Audit:export@company Audit:read@company Health:read@company Health:update@company Report:create@company Report:export@company Report:read@company Rights:create@scope Rights:delete@scope Rights:read@scope Rights:update@company',
}

describe('the table of roles', () => {
  it.each(roles)('gives %s what was reviewed', (role) => {
    const rights = roleRights[role].map(({ action, subject, reach }: { action: RightsAction; subject: RightsSubject; reach: string }) => `${subject}:${action}@${reach}`)
    expect(rights.sort().join(' ')).toBe(reviewed[role])
  })

  it.each([
    ['serviceAgent', false, ['own', 'department', 'departmentTree', 'all']],
    ['salesRep', false, ['own', 'department', 'departmentTree', 'all']],
    ['operationsAdmin', true, ['all']],
    ['approver', true, ['own', 'department', 'departmentTree', 'all']],
    ['auditor', true, ['all']],
    ['systemAdmin', true, ['departmentTree', 'all']],
  ] as const)('opens the console to %s: %s, with scopes %j', (role, isOpen, fit) => {
    expect(opensConsole([role])).toBe(isOpen)
    expect(opensConsole(['salesRep', role])).toBe(isOpen)
    expect(scopesFor(role)).toEqual(fit)
  })

  it('opens the console to nobody without a role', () => {
    expect(opensConsole([])).toBe(false)
  })
})
