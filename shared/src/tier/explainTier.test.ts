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

  it('does not count what leaves the window at the very midnight that decides', () => {
    const silver = earn(1200, '2026-02-10T04:00:00.000Z')
    expect(explain([silver, earn(300, '2026-02-10T16:00:00.000Z')], '2026-07-01T00:00:00.000Z').growthToKeep).toBe(1000)
    expect(explain([silver, earn(300, '2026-02-10T16:00:00.001Z')], '2026-07-01T00:00:00.000Z').growthToKeep).toBe(700)
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

  it('shows the ladder of the rules in force, with the words of each step', () => {
    const strict = { ...firstTierRules, version: 'strict', effectiveFrom: '2026-06-01T00:00:00.000Z', qualifyingMonths: 6, graceDays: 10, ladder: [firstTierRules.ladder[0], { code: 'silver', minGrowth: 1500, reviewMonths: 6 }] } as const
    const before = explainTier([], [firstTierRules, strict], joinedAt, '2026-05-31T00:00:00.000Z')
    expect(before).toMatchObject({ qualifyingMonths: 12, graceDays: 30 })
    expect(before.ladder.map(({ code, name, minGrowth, reviewMonths }) => [code, name, minGrowth, reviewMonths])).toEqual([['normal', '普通会员', 0, null], ['silver', '银卡会员', 1000, 12], ['gold', '金卡会员', 5000, 3]])
    expect(before.ladder[2]?.benefits[0]).toBe('绿色通道优先服务')
    const after = explainTier([], [firstTierRules, strict], joinedAt, '2026-06-01T00:00:00.000Z')
    expect(after).toMatchObject({ qualifyingMonths: 6, graceDays: 10, countsFrom: '2025-12-01' })
    expect(after.ladder.map(({ minGrowth }) => minGrowth)).toEqual([0, 1500])
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
