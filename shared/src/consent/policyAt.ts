import { policies, type Policy } from './policies.ts'

/** The policy in force at an instant: the newest one already published; before the first, the first. */
export function policyAt(at: Date): Policy {
  return policies.reduce((held, policy) => (new Date(policy.publishedAt) <= at ? policy : held))
}
