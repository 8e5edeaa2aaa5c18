import { describe, expect, it } from 'vitest'
import { policies } from './policies.ts'
import { policyAt } from './policyAt.ts'

describe('policyAt', () => {
  it('is the newest version already published', () => {
    expect(policyAt(new Date('2100-01-01')).version).toBe(policies[policies.length - 1]?.version)
    expect(policyAt(new Date('2000-01-01')).version).toBe(policies[0].version)
  })

  it('shows at most five lines beside the box', () => {
    for (const { summary } of policies) expect(summary.length).toBeLessThanOrEqual(5)
  })
})
