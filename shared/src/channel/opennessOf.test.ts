import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { opennessOf, type ChannelLimits } from './opennessOf.ts'

const at = new Date('2026-11-20T02:00:00.000Z')
const before = new Date(at.getTime() - 1)
const after = new Date(at.getTime() + 1)
const free: ChannelLimits = { revokedAt: null, expiresAt: null, maxRegistrations: null, countedRegistrations: 0 }

describe('opennessOf', () => {
  it.each<[string, Partial<ChannelLimits>, string]>([
    ['no limit at all', { countedRegistrations: 5 }, 'open'],
    ['an end that has not come', { expiresAt: after }, 'open'],
    ['an end that is now', { expiresAt: at }, 'expired'],
    ['an end that has passed', { expiresAt: before }, 'expired'],
    ['places left', { maxRegistrations: 3, countedRegistrations: 2 }, 'open'],
    ['no places left', { maxRegistrations: 3, countedRegistrations: 3 }, 'overQuota'],
    ['the one place taken', { maxRegistrations: 1, countedRegistrations: 1 }, 'used'],
    ['a revocation', { revokedAt: at }, 'revoked'],
    ['a revocation of an expired, used one', { revokedAt: before, expiresAt: before, maxRegistrations: 1, countedRegistrations: 1 }, 'revoked'],
    ['an expired, full one', { expiresAt: before, maxRegistrations: 2, countedRegistrations: 9 }, 'expired'],
  ])('reads %s', (_what, limits, expected) => {
    expect(opennessOf({ ...free, ...limits }, at)).toBe(expected)
  })

  it('never opens again by itself: once closed, later instants and more registrations leave it closed', () => {
    const instant = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
    const limits = fc.record({
      revokedAt: fc.option(instant),
      expiresAt: fc.option(instant),
      maxRegistrations: fc.option(fc.integer({ min: 1, max: 5 })),
      countedRegistrations: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(limits, instant, fc.nat(1e9), fc.nat(3), (channel, now, later, more) => {
        fc.pre(opennessOf(channel, now) !== 'open')
        const grown = { ...channel, countedRegistrations: channel.countedRegistrations + more }
        expect(opennessOf(grown, new Date(now.getTime() + later))).not.toBe('open')
      }),
    )
  })
})
