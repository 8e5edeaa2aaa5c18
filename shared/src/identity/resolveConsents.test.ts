import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveConsents, type PurposeStanding } from './resolveConsents.ts'

const standing = (purpose: string, state: PurposeStanding['state']): PurposeStanding => ({ purpose, state })
const member = standing('membership', 'granted')

describe('resolveConsents', () => {
  it.each([
    ['a no wins over a yes', [[member, standing('marketing', 'granted')], [member, standing('marketing', 'refused')]], 'refused', true],
    ['a withdrawal wins over a no', [[member, standing('marketing', 'refused')], [member, standing('marketing', 'withdrawn')]], 'withdrawn', false],
    ['who did not tick has not agreed', [[member, standing('marketing', 'granted')], [member]], 'refused', true],
    ['two yeses stay a yes', [[member, standing('marketing', 'granted')], [member, standing('marketing', 'granted')]], 'granted', false],
    ['who was never asked has no say', [[member, standing('marketing', 'granted')], []], 'granted', false],
  ] as const)('%s', (_claim, sides, state, isNarrowed) => {
    expect(resolveConsents(sides)).toContainEqual({ purpose: 'marketing', state, isNarrowed })
    expect(resolveConsents([...sides].reverse())).toContainEqual({ purpose: 'marketing', state, isNarrowed })
  })

  it('keeps a membership that one of them agreed to', () => {
    expect(resolveConsents([[member], [standing('marketing', 'refused')]])).toContainEqual({ purpose: 'membership', state: 'granted', isNarrowed: false })
  })

  it('never turns a no into a yes, and never grants what nobody granted', () => {
    const side = fc.uniqueArray(fc.record({ purpose: fc.constantFrom('membership', 'marketing', 'personalisation'), state: fc.constantFrom('granted', 'refused', 'withdrawn') }), { selector: (one) => one.purpose })
    fc.assert(
      fc.property(fc.array(side, { maxLength: 4 }), (sides) => {
        for (const { purpose, state } of resolveConsents(sides as PurposeStanding[][])) {
          const said = sides.flatMap((one) => one.filter((standingOf) => standingOf.purpose === purpose).map((standingOf) => standingOf.state))
          if (said.some((one) => one !== 'granted')) expect(state).not.toBe('granted')
          if (state === 'granted') expect(said).toContain('granted')
        }
      }),
    )
  })
})
