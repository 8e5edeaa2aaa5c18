import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerBy } from './answerBy.ts'
import { purgeState } from './purgeState.ts'
import { quietBefore, quietState } from './standing.ts'

const order = ['active', 'warned150', 'warned173', 'archived']
const instant = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2034-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString())
const dayMs = 86_400_000
const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()

describe('quietState', () => {
  it.each([
    ['2026-05-23T15:59:59.999Z', 'archived'],
    ['2026-05-23T16:00:00.000Z', 'warned173'],
    ['2026-05-30T15:59:59.999Z', 'warned173'],
    ['2026-05-30T16:00:00.000Z', 'warned150'],
    ['2026-06-22T15:59:59.999Z', 'warned150'],
    ['2026-06-22T16:00:00.000Z', 'active'],
    ['2026-12-01T00:00:00.000Z', 'active'],
  ])('counts local days: a last act at %s is %s on 20 November', (lastActivityAt, state) => {
    expect(quietState(lastActivityAt, '2026-11-19T19:30:00.000Z')).toBe(state)
  })

  it('never archives anybody who did something within 180 days, and always whoever has not for 181', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 400 * dayMs }), (lastActivityAt, quietMs) => {
        const state = quietState(lastActivityAt, later(lastActivityAt, quietMs))
        if (quietMs <= 180 * dayMs) expect(state).not.toBe('archived')
        if (quietMs >= 181 * dayMs) expect(state).toBe('archived')
      }),
    )
  })

  it('only goes one way while nothing happens, and is active again with any act', () => {
    fc.assert(
      fc.property(instant, fc.nat(500 * dayMs), fc.nat(500 * dayMs), (lastActivityAt, one, more) => {
        const early = order.indexOf(quietState(lastActivityAt, later(lastActivityAt, one)))
        expect(order.indexOf(quietState(lastActivityAt, later(lastActivityAt, one + more)))).toBeGreaterThanOrEqual(early)
        expect(quietState(later(lastActivityAt, one), later(lastActivityAt, one))).toBe('active')
      }),
    )
  })

  it('says the same for every act of one local day', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 400 }), (at, days) => {
        const cutoff = quietBefore(at, days)
        expect((Date.parse(cutoff) + 8 * 3_600_000) % dayMs).toBe(0)
      }),
    )
  })
})

describe('purgeState', () => {
  const at = '2026-11-20T00:00:00.000Z'
  const hold = { expiresAt: '2027-01-01T00:00:00.000Z', liftedAt: null }
  it.each([
    [null, [], 'kept'],
    ['2024-11-21T00:00:00.000Z', [], 'kept'],
    ['2024-11-20T00:00:00.000Z', [], 'due'],
    ['2024-11-20T00:00:00.000Z', [hold], 'held'],
    ['2024-11-20T00:00:00.000Z', [{ ...hold, liftedAt: '2026-11-19T00:00:00.000Z' }], 'due'],
    ['2024-11-20T00:00:00.000Z', [{ ...hold, expiresAt: at }], 'due'],
  ])('archived %s with holds %j is %s', (archivedAt, holds, state) => {
    expect(purgeState(archivedAt, holds, at)).toBe(state)
  })
})

describe('answerBy', () => {
  it.each([
    ['2026-11-20T02:00:00.000Z', '2026-12-11T16:00:00.000Z'],
    ['2026-11-21T02:00:00.000Z', '2026-12-11T16:00:00.000Z'],
    ['2026-11-22T17:00:00.000Z', '2026-12-14T16:00:00.000Z'],
  ])('gives a request of %s until the end of the fifteenth working day', (requestedAt, until) => {
    expect(answerBy(requestedAt)).toBe(until)
  })
})
