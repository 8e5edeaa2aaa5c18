import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, startOfDay } from './calendar.ts'
import { explainTier } from './explainTier.ts'
import { firstTierRules } from './rules.ts'
import { tierStanding, type LedgerEntry } from './tierStanding.ts'

const joinedAt = '2026-01-31T04:00:00.000Z'
const versions = [firstTierRules] as const
const earn = (amount: number, at: string): LedgerEntry => ({ amount, occurredAt: at, postedAt: at })
const explain = (ledger: readonly LedgerEntry[], at: string) => explainTier(ledger, versions, joinedAt, at)

describe('explainTier', () => {
  it('says what is missing at the review: only growth that still counts on that day', () => {
    const ledger = [earn(1200, '2026-02-10T04:00:00.000Z'), earn(300, '2026-06-01T04:00:00.000Z')]
    expect(explain(ledger, '2026-07-01T00:00:00.000Z')).toMatchObject({ growthToKeep: 700, countsFrom: '2025-07-01', standing: { tier: 'silver', growthValue: 1500, reviewOn: '2027-02-10' } })
    expect(explain([...ledger, earn(700, '2026-12-01T04:00:00.000Z')], '2026-12-02T00:00:00.000Z').growthToKeep).toBe(0)
  })

  it('counts what is posted at this very instant, and nothing that is posted later', () => {
    const ledger = [earn(1200, '2026-02-10T04:00:00.000Z'), earn(300, '2026-07-01T00:00:00.000Z')]
    expect(explain(ledger, '2026-07-01T00:00:00.000Z').growthToKeep).toBe(700)
    expect(explain(ledger, '2026-06-30T23:59:59.999Z').growthToKeep).toBe(1000)
  })

  it('says what is missing now during grace, and nothing of a tier that is kept for ever', () => {
    const ledger = [earn(1000, '2026-02-10T04:00:00.000Z'), earn(300, '2027-02-20T04:00:00.000Z')]
    expect(explain(ledger, '2027-02-21T00:00:00.000Z')).toMatchObject({ growthToKeep: 700, standing: { graceUntil: '2027-03-13' } })
    expect(explain([], '2027-02-21T00:00:00.000Z').growthToKeep).toBeNull()
  })

  it('tells every decision in words, newest first', () => {
    const ledger = [earn(1000, '2026-02-10T04:00:00.000Z')]
    expect(explain(ledger, '2027-04-01T00:00:00.000Z').reasons).toEqual([
      { at: '2027-03-12T16:00:00.000Z', title: '保级期结束时成长值为 0，调整为普通会员' },
      { at: '2027-02-10T16:00:00.000Z', title: '定期评定时成长值为 0，进入保级期，权益不变' },
      { at: '2026-02-10T04:00:00.000Z', title: '成长值达到 1000，升级为银卡会员' },
      { at: joinedAt, title: '注册成为会员' },
    ])
    const kept = [earn(1000, '2026-02-10T04:00:00.000Z'), earn(1500, '2027-01-01T04:00:00.000Z')]
    expect(explain(kept, '2027-03-01T00:00:00.000Z').reasons[0]?.title).toBe('定期评定通过（成长值 1500），保持银卡会员')
    const saved = [earn(1000, '2026-02-10T04:00:00.000Z'), earn(1000, '2027-02-20T04:00:00.000Z')]
    expect(explain(saved, '2027-03-01T00:00:00.000Z').reasons[0]?.title).toBe('成长值回到 1000，保级成功')
  })

  it('promises the truth: exactly the missing growth keeps the tier, one point less does not', () => {
    const entries = fc.array(fc.record({ amount: fc.integer({ min: 1, max: 3000 }), day: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(entries, (lines) => {
        const ledger = lines.map(({ amount, day }) => earn(amount, new Date(Date.parse(joinedAt) + day * 86_400_000).toISOString()))
        const at = new Date(Date.parse(joinedAt) + 301 * 86_400_000).toISOString()
        const { growthToKeep, standing } = explain(ledger, at)
        if (standing.reviewOn === null || growthToKeep === null || growthToKeep === 0) return
        const decides = startOfDay(addDays(standing.reviewOn, 1))
        const after = (more: number) => tierStanding(more > 0 ? [...ledger, earn(more, at)] : ledger, versions, joinedAt, decides)
        const [kept, missed] = [after(growthToKeep), after(growthToKeep - 1)]
        // So much growth at once may lead past this tier: then there is nothing to keep.
        if (kept.tier === standing.tier) expect(kept.graceUntil).toBeNull()
        if (missed.tier === standing.tier) expect(missed.graceUntil).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
