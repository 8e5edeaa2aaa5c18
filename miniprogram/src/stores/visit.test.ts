import { describe, expect, it } from 'vitest'
import { endVisit, keepVisit, resumableVisit, tokenOf } from './visit.ts'

const at = Date.parse('2026-11-22T03:00:00Z')
const day = 24 * 60 * 60 * 1000

describe('tokenOf', () => {
  const cases: [string, Record<string, string>, string | null][] = [
    ['decodes the scene of a scanned code once', { scene: 'a%3D1' }, 'a=1'],
    ['takes a plain scene as it is', { scene: 'Scan0Token0Scan0Token0' }, 'Scan0Token0Scan0Token0'],
    ['takes the token of a card or link', { token: 'Card0Token0Card0Token0' }, 'Card0Token0Card0Token0'],
    ['has none without a query', {}, null],
    ['has none for an empty scene', { scene: '' }, null],
    ['survives a scene that cannot be decoded', { scene: '%E4%A' }, null],
    ['drops what is longer than any token', { scene: 'x'.repeat(65) }, null],
  ]
  it.each(cases)('%s', (_, query, token) => {
    expect(tokenOf(query)).toBe(token)
  })
})

describe('resumableVisit', () => {
  it('gives back a visit for a day and not longer', () => {
    const visit = { token: 'Scan0Token0Scan0Token0', step: 'register', formStep: 2, visitId: '0190b6f0-0000-4000-8000-000000000001', savedAt: at } as const
    keepVisit(visit)
    expect(resumableVisit(at + day - 1)).toEqual(visit)
    expect(resumableVisit(at + day)).toBeNull()
  })

  it('has none once the visit ended', () => {
    keepVisit({ token: null, step: 'landing', formStep: null, visitId: null, savedAt: at })
    endVisit()
    expect(resumableVisit(at)).toBeNull()
  })

  it('takes up a visit that an older version kept', () => {
    wx.setStorageSync('qihui.visit', { token: null, step: 'register', savedAt: at })
    expect(resumableVisit(at)).toEqual({ token: null, step: 'register', formStep: null, visitId: null, savedAt: at })
  })

  it.each(['text', 7, { token: 3 }, { token: null, step: 'elsewhere', savedAt: at }])('ignores what it did not write: %j', (stored) => {
    wx.setStorageSync('qihui.visit', stored)
    expect(resumableVisit(at)).toBeNull()
  })
})
