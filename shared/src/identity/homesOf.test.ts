import { describe, expect, it } from 'vitest'
import { edgeOf, identifierKey } from './edges.ts'
import { homesOf } from './homesOf.ts'
import type { Identifier } from './types.ts'

const id = (namespace: Identifier['namespace'], value: string): Identifier => ({ namespace, value })
const [openId, unionId, contact] = [id('mp-openid@a', 'o'), id('unionid@p', 'u'), id('external-userid@c', 'x')]

describe('homesOf', () => {
  const login = edgeOf(openId, unionId, 'code2Session', '2026-01-02T00:00:00.000Z')
  const detail = edgeOf(contact, unionId, 'contactDetail', '2026-01-01T00:00:00.000Z')
  const held = new Map([[identifierKey(openId), 'member'], [identifierKey(contact), 'contact']])

  it('gives an identifier nobody holds to the person the earliest evidence leads to, in any order', () => {
    for (const edges of [[login, detail], [detail, login]]) expect(homesOf(edges, held).get(identifierKey(unionId))).toBe('contact')
  })

  it('leaves what is held, and does not follow rejected evidence', () => {
    const homes = homesOf([login, { ...detail, state: 'rejected' }], held)
    expect([openId, unionId, contact].map((one) => homes.get(identifierKey(one)))).toEqual(['member', 'member', 'contact'])
  })
})
