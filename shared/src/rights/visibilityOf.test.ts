import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memberFields } from '../member/fields.ts'
import { answerAccess } from './accessOf.ts'
import { roles, scopes } from './roles.ts'
import type { Relation, Role, Scope, Visibility } from './types.ts'
import { mayWrite, visibilityOf, type JudgedField } from './visibilityOf.ts'

const relations = ['own', 'department', 'departmentTree', 'other'] as const
const none: ReadonlySet<string> = new Set()
const readers: readonly Role[] = ['serviceAgent', 'salesRep']
const order: readonly Visibility[] = ['none', 'masked', 'raw']

function seenBy(role: Role, scope: Scope, relation: Relation, field: JudgedField | undefined, openFields = none): Visibility {
  return visibilityOf(field, { grants: [{ role, scope }], relation, openFields })
}

function answer(fieldClass: 'P' | 'N' | 'S'): JudgedField {
  return { key: 'asked', class: fieldClass, mask: 'presence', access: answerAccess(fieldClass) }
}

describe('visibilityOf', () => {
  it.each([
    ['memberNo', 'raw', 'raw'],
    ['phone', 'masked', 'masked'],
    ['registeredAt', 'raw', 'raw'],
    ['channelName', 'raw', 'raw'],
    ['contactName', 'raw', 'masked'],
    ['remark', 'raw', 'none'],
    ['avatarUrl', 'raw', 'none'],
  ] as const)('shows %s %s to whoever serves the customer and %s to a colleague', (key, own, team) => {
    for (const role of readers) {
      expect(seenBy(role, 'own', 'own', memberFields[key])).toBe(own)
      expect(seenBy(role, 'department', 'department', memberFields[key])).toBe(team)
    }
  })

  it.each(['operationsAdmin', 'approver', 'auditor', 'systemAdmin'] as const)('shows no field of a customer to %s', (role) => {
    for (const field of [...Object.values(memberFields), answer('P'), answer('N'), answer('S')]) {
      for (const relation of relations) {
        expect(seenBy(role, 'all', relation, field)).toBe('none')
        expect(seenBy(role, 'all', relation, field, new Set([field.key]))).toBe('none')
      }
    }
  })

  it.each([['P', 'raw'], ['N', 'masked'], ['S', 'none']] as const)('shows an answer of class %s %s', (fieldClass, expected) => {
    for (const role of readers) {
      expect(seenBy(role, 'own', 'own', answer(fieldClass))).toBe(expected)
      expect(seenBy(role, 'all', 'other', answer(fieldClass))).toBe(expected)
    }
  })

  it('denies a field nobody has catalogued, even an opened one', () => {
    expect(seenBy('salesRep', 'all', 'own', undefined, new Set(['asked']))).toBe('none')
  })

  it('opens with an approval exactly the field it names, to somebody whose grant reaches the customer', () => {
    const opened = new Set(['asked'])
    expect(seenBy('salesRep', 'own', 'own', answer('S'), opened)).toBe('raw')
    expect(seenBy('salesRep', 'own', 'own', answer('N'), opened)).toBe('raw')
    expect(seenBy('salesRep', 'own', 'own', memberFields.phone, opened)).toBe('masked')
    expect(seenBy('salesRep', 'own', 'department', answer('S'), opened)).toBe('none')
    expect(seenBy('salesRep', 'department', 'department', answer('S'), opened)).toBe('raw')
    expect(seenBy('salesRep', 'department', 'department', memberFields.remark, new Set(['remark']))).toBe('none')
  })

  it('keeps class S closed even where a role is said to see it', () => {
    const careless: JudgedField = { key: 'idNumber', class: 'S', mask: 'none', access: { own: { salesRep: 'raw' }, team: { salesRep: 'raw' }, write: [] } }
    expect(seenBy('salesRep', 'all', 'own', careless)).toBe('none')
  })

  it('shows nothing of a field whose mask hides everything, unless raw', () => {
    const field = (visibility: Visibility): JudgedField => ({ key: 'a', class: 'N', mask: 'hidden', access: { own: { salesRep: visibility }, team: {}, write: [] } })
    expect(seenBy('salesRep', 'own', 'own', field('masked'))).toBe('none')
    expect(seenBy('salesRep', 'own', 'own', field('raw'))).toBe('raw')
  })

  it('takes the most that any role reaching the customer gives, in either order', () => {
    const field: JudgedField = { key: 'a', class: 'N', mask: 'name', access: { own: { salesRep: 'raw', serviceAgent: 'masked' }, team: { salesRep: 'raw', serviceAgent: 'masked' }, write: [] } }
    const grants = [{ role: 'salesRep', scope: 'own' }, { role: 'serviceAgent', scope: 'department' }] as const
    for (const held of [grants, [...grants].reverse()]) {
      expect(visibilityOf(field, { grants: held, relation: 'own', openFields: none })).toBe('raw')
      expect(visibilityOf(field, { grants: held, relation: 'department', openFields: none })).toBe('masked')
      expect(visibilityOf(field, { grants: held, relation: 'other', openFields: none })).toBe('none')
    }
  })

  it('never shows more from further away, nor less with one more grant', () => {
    const grant = fc.record({ role: fc.constantFrom(...roles), scope: fc.constantFrom(...scopes) })
    const field = fc.constantFrom<JudgedField>(...Object.values(memberFields), answer('P'), answer('N'), answer('S'))
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), grant, field, (grants, more, judged) => {
        const far = relations.map((relation) => order.indexOf(visibilityOf(judged, { grants, relation, openFields: none })))
        expect(far).toEqual([...far].sort((a, b) => b - a))
        const wider = relations.map((relation) => order.indexOf(visibilityOf(judged, { grants: [...grants, more], relation, openFields: none })))
        wider.forEach((value, index) => expect(value).toBeGreaterThanOrEqual(far[index] ?? 0))
      }),
    )
  })
})

describe('mayWrite', () => {
  const grants = [{ role: 'salesRep', scope: 'all' }] as const

  it('lets whoever serves the customer write what the catalogue names', () => {
    expect(mayWrite(memberFields.phone, { grants, relation: 'own' })).toBe(true)
    expect(mayWrite(answer('P'), { grants, relation: 'own' })).toBe(true)
    expect(mayWrite(answer('N'), { grants, relation: 'own' })).toBe(true)
  })

  it('lets nobody else, nothing else and no sensitive answer be written', () => {
    expect(mayWrite(memberFields.phone, { grants, relation: 'department' })).toBe(false)
    expect(mayWrite(memberFields.phone, { grants: [{ role: 'operationsAdmin', scope: 'all' }], relation: 'own' })).toBe(false)
    expect(mayWrite(memberFields.phone, { grants: [], relation: 'own' })).toBe(false)
    for (const key of ['memberNo', 'registeredAt', 'channelName', 'contactName', 'remark', 'avatarUrl'] as const) expect(mayWrite(memberFields[key], { grants, relation: 'own' })).toBe(false)
    expect(mayWrite(answer('S'), { grants, relation: 'own' })).toBe(false)
    expect(mayWrite(undefined, { grants, relation: 'own' })).toBe(false)
  })

  it('adds up over grants', () => {
    expect(mayWrite(memberFields.phone, { grants: [{ role: 'auditor', scope: 'all' }, { role: 'serviceAgent', scope: 'own' }], relation: 'own' })).toBe(true)
  })
})
