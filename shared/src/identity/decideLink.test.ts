import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideLink } from './decideLink.ts'
import type { Identifier, IdentifierOwner } from './types.ts'

function owner(personId: string, more: Partial<IdentifierOwner> = {}): IdentifierOwner {
  return { personId, isMember: false, createdAt: '2026-01-01T00:00:00.000Z', identifiers: [], ...more }
}
const unionId = (value: string): Identifier => ({ namespace: 'unionid@p', value })

describe('decideLink', () => {
  it('makes a new person when nobody holds any of the identifiers', () => {
    expect(decideLink([unionId('u1')], [])).toEqual({ kind: 'create' })
  })

  it('attaches to the only person, however often it is named', () => {
    expect(decideLink([unionId('u1')], [owner('a'), owner('a')])).toEqual({ kind: 'attach', personId: 'a' })
  })

  it('keeps the older person when a contact and a member meet', () => {
    const contact = owner('b', { createdAt: '2025-12-31T00:00:00.000Z' })
    expect(decideLink([unionId('u1')], [owner('a', { isMember: true }), contact])).toEqual({ kind: 'merge', survivorId: 'b', absorbedIds: ['a'] })
  })

  it('never joins two members', () => {
    expect(decideLink([unionId('u1')], [owner('a', { isMember: true }), owner('b', { isMember: true })])).toEqual({ kind: 'review', reason: 'severalMembers', personIds: ['a', 'b'] })
  })

  it('never gives one human two unionids of one platform', () => {
    expect(decideLink([unionId('u1')], [owner('a', { identifiers: [unionId('u2')] })])).toMatchObject({ kind: 'review', reason: 'secondUnionId' })
    expect(decideLink([unionId('u1')], [owner('a', { identifiers: [{ namespace: 'unionid@other', value: 'u2' }] })])).toMatchObject({ kind: 'attach' })
  })

  it('never gives one human two openids of one app, and knows the same text in two apps as two things', () => {
    const openId = (namespace: Identifier['namespace'], value: string): Identifier => ({ namespace, value })
    expect(decideLink([unionId('u1')], [owner('a', { identifiers: [openId('mp-openid@1', 'o1')] }), owner('b', { identifiers: [openId('mp-openid@1', 'o2')] })])).toMatchObject({ kind: 'review', reason: 'secondOpenId' })
    expect(decideLink([unionId('u1')], [owner('a', { identifiers: [openId('mp-openid@1', 'o1')] }), owner('b', { identifiers: [openId('corp-openid@1', 'o2')] })])).toMatchObject({ kind: 'merge' })
  })

  it('leaves a member of an independent channel to a person, and attaches what nobody else holds', () => {
    const independent = owner('a', { isMember: true, bindingMode: 'independent' })
    expect(decideLink([unionId('u1')], [independent, owner('b')])).toEqual({ kind: 'review', reason: 'independent', personIds: ['a', 'b'] })
    expect(decideLink([unionId('u1')], [independent])).toEqual({ kind: 'attach', personId: 'a' })
    expect(decideLink([unionId('u1')], [owner('a', { isMember: true, bindingMode: 'forced' }), owner('b')])).toMatchObject({ kind: 'merge' })
  })

  it('joins an imported profile by a verified phone when it is the only candidate and nothing conflicts', () => {
    const imported = owner('b', { identifiers: [{ namespace: 'import@crm', value: '7' }] })
    const member = owner('a', { isMember: true, identifiers: [unionId('u1')] })
    expect(decideLink([], [member, imported], 'medium')).toEqual({ kind: 'merge', survivorId: 'a', absorbedIds: ['b'] })
    expect(decideLink([], [member, imported, owner('c')], 'medium')).toMatchObject({ kind: 'review', reason: 'sharedPhone' })
    expect(decideLink([], [member, { ...imported, isMember: true }], 'medium')).toMatchObject({ kind: 'review', reason: 'sharedPhone' })
    expect(decideLink([], [member, owner('b', { identifiers: [unionId('u2')] })], 'medium')).toEqual({ kind: 'review', reason: 'sharedPhone', personIds: ['a', 'b'] })
  })

  it('only suggests by weak evidence', () => {
    expect(decideLink([], [owner('a', { isMember: true }), owner('b')], 'weak')).toEqual({ kind: 'review', reason: 'weakEvidence', personIds: ['a', 'b'] })
  })

  it('decides the same for every order of the owners', () => {
    const anyOwner = fc.record({
      personId: fc.constantFrom('a', 'b', 'c', 'd'),
      isMember: fc.boolean(),
      createdAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
      identifiers: fc.constant([]),
    })
    fc.assert(
      fc.property(fc.uniqueArray(anyOwner, { selector: (person) => person.personId }), fc.func(fc.integer()), (owners, rank) => {
        const shuffled = [...owners].sort((one, two) => rank(one.personId) - rank(two.personId))
        expect(decideLink([unionId('u1')], shuffled)).toEqual(decideLink([unionId('u1')], owners))
      }),
    )
  })
})
