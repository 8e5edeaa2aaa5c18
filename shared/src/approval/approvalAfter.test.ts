import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approvalAfter, approvalAt } from './approvalAfter.ts'
import { approversNeeded } from './limits.ts'
import { newApproval } from './newApproval.ts'
import type { Approval, ApprovalAct } from './types.ts'

const start = Date.parse('2026-11-22T02:00:00.000Z')
const minutesLater = (minutes: number) => new Date(start + minutes * 60_000)
const wish = { requesterId: 'rep.li', sessionId: 's1', personId: 'p1', fieldKeys: ['idNumber'], minutes: 15, maxViews: 2, neededApprovers: 1, isBreakGlass: false } as const
const asked = newApproval(wish, minutesLater(0))
const approve = (by: string, version = 1, mayApprove = true): ApprovalAct => ({ kind: 'approve', by, version, mayApprove, isSubordinate: false })
const view = (change: Partial<Extract<ApprovalAct, { kind: 'view' }>> = {}): ApprovalAct =>
  ({ kind: 'view', by: 'rep.li', sessionId: 's1', personId: 'p1', fieldKeys: ['idNumber'], isInReach: true, ...change })

function after(approval: Approval, act: ApprovalAct, minutes: number): Approval {
  const outcome = approvalAfter(approval, act, minutesLater(minutes))
  if ('refusal' in outcome) throw new Error(outcome.refusal)
  return outcome.next
}
const refusal = (approval: Approval, act: ApprovalAct, minutes: number) => {
  const outcome = approvalAfter(approval, act, minutesLater(minutes))
  return 'refusal' in outcome ? outcome.refusal : outcome.next.state
}
/** Made anew in each test: what is made while a file is read, no mutant touches. */
const opened = () => after(asked, approve('manager.wu'), 5)

describe('a request', () => {
  it('begins with nothing given, cut to the limits', () => {
    expect(asked).toEqual({ ...wish, state: 'requested', version: 1, views: 0, approverIds: [], requestedAt: minutesLater(0), openUntil: null })
    const long = newApproval({ ...wish, minutes: 45, maxViews: 99 }, minutesLater(0))
    expect([long.minutes, long.maxViews]).toEqual([30, 10])
    const short = newApproval({ ...wish, minutes: 3, maxViews: 1, isBreakGlass: true }, minutesLater(0))
    expect([short.minutes, short.maxViews, short.openUntil]).toEqual([3, 1, minutesLater(3)])
  })

  it('is decided by another person who may, about what they looked at, within a day', () => {
    expect(refusal(asked, approve('rep.li'), 1)).toBe('self')
    expect(refusal(asked, approve('manager.wu', 1, false), 1)).toBe('notAllowed')
    expect(refusal(asked, approve('manager.wu', 2), 1)).toBe('changed')
    for (const kind of ['approve', 'deny'] as const) expect(refusal(asked, { kind, by: 'rep.wang', version: 1, mayApprove: true, isSubordinate: true }, 1)).toBe('subordinate')
    expect(refusal(asked, { kind: 'approve', by: 'rep.wang', version: 1, mayApprove: false, isSubordinate: true }, 1)).toBe('notAllowed')
    expect(refusal(asked, approve('manager.wu'), 24 * 60)).toBe('changed')
    expect(refusal(asked, approve('manager.wu'), 24 * 60 - 1)).toBe('approved')
    expect(approvalAt(asked, minutesLater(24 * 60)).state).toBe('expired')
    expect(opened().openUntil).toEqual(minutesLater(20))
    expect(refusal(opened(), approve('manager.xu', opened().version), 6)).toBe('changed')
  })

  it('that needs two approvers needs two persons, and one denial is enough', () => {
    const many = newApproval({ ...wish, neededApprovers: approversNeeded(21) }, minutesLater(0))
    expect([approversNeeded(20), many.neededApprovers]).toEqual([1, 2])
    const once = after(many, approve('manager.wu'), 1)
    expect([once.state, once.openUntil]).toEqual(['requested', null])
    expect(refusal(once, approve('manager.wu', 2), 2)).toBe('self')
    expect(refusal(once, approve('manager.xu', 1), 2)).toBe('changed')
    expect(refusal(once, approve('manager.xu', 2), 2)).toBe('approved')
    expect(refusal(once, { kind: 'deny', by: 'manager.xu', version: 2, mayApprove: true, isSubordinate: false }, 2)).toBe('denied')
  })

  it('is cancelled by its requester alone, while it waits', () => {
    expect(refusal(asked, { kind: 'cancel', by: 'rep.wang' }, 1)).toBe('notYours')
    expect(refusal(asked, { kind: 'cancel', by: 'rep.li' }, 1)).toBe('cancelled')
    expect(refusal(opened(), { kind: 'cancel', by: 'rep.li' }, 6)).toBe('changed')
  })
})

describe('a grant', () => {
  const cases: [string, Parameters<typeof view>[0], string][] = [
    ['another staff', { by: 'rep.wang' }, 'notYours'],
    ['another session', { sessionId: 's2' }, 'otherSession'],
    ['another person', { personId: 'p2' }, 'otherPerson'],
    ['another field', { fieldKeys: ['address'] }, 'otherField'],
    ['one field too many', { fieldKeys: ['idNumber', 'address'] }, 'otherField'],
    ['no field', { fieldKeys: [] }, 'otherField'],
    ['a role, scope or relation that is gone', { isInReach: false }, 'outOfReach'],
  ]
  it.each(cases)('does not open for %s', (_what, change, expected) => {
    expect(refusal(opened(), view(change), 6)).toBe(expected)
  })

  it('opens as often and as long as it says', () => {
    const once = after(opened(), view(), 6)
    expect(once.state).toBe('approved')
    expect(approvalAt(once, minutesLater(20)).state).toBe('used')
    expect(approvalAt(opened(), minutesLater(20)).state).toBe('expired')
    expect(refusal(opened(), view(), 20)).toBe('notOpen')
    const twice = after(once, view(), 7)
    expect(twice.state).toBe('exhausted')
    expect(refusal(twice, view(), 8)).toBe('notOpen')
  })

  it('is revoked by its requester and by whoever may approve it, and then shows nothing', () => {
    expect(refusal(opened(), { kind: 'revoke', by: 'rep.wang', mayApprove: false }, 6)).toBe('notAllowed')
    const revoked = after(opened(), { kind: 'revoke', by: 'manager.xu', mayApprove: true }, 6)
    expect(refusal(revoked, view(), 6)).toBe('notOpen')
    expect(refusal(revoked, { kind: 'revoke', by: 'manager.xu', mayApprove: true }, 7)).toBe('changed')
    expect(refusal(asked, { kind: 'revoke', by: 'rep.li', mayApprove: false }, 1)).toBe('changed')
    expect(refusal(opened(), { kind: 'revoke', by: 'rep.li', mayApprove: false }, 6)).toBe('revoked')
    const lastLook = after(after(opened(), view(), 6), view(), 7)
    expect(refusal(lastLook, { kind: 'revoke', by: 'rep.li', mayApprove: false }, 8)).toBe('revoked')
    expect(refusal(lastLook, { kind: 'revoke', by: 'rep.li', mayApprove: false }, 20)).toBe('changed')
  })

  it('of an emergency is open at once, ten minutes at most', () => {
    const emergency = newApproval({ ...wish, minutes: 30, isBreakGlass: true }, minutesLater(0))
    expect([emergency.state, emergency.openUntil]).toEqual(['approved', minutesLater(10)])
    expect(refusal(emergency, view(), 9)).toBe('approved')
    expect(refusal(emergency, view(), 10)).toBe('notOpen')
  })
})

it('what is over stays what it was, however much time passes', () => {
  const revoked = after(opened(), { kind: 'revoke', by: 'rep.li', mayApprove: false }, 6)
  const ended = [
    after(asked, { kind: 'deny', by: 'manager.wu', version: 1, mayApprove: true, isSubordinate: false }, 1),
    after(asked, { kind: 'cancel', by: 'rep.li' }, 1),
    revoked,
    after(after(opened(), view(), 6), view(), 7),
  ]
  for (const approval of ended) expect(approvalAt(approval, minutesLater(48 * 60))).toBe(approval)
  expect(ended.map(({ state }) => state)).toEqual(['denied', 'cancelled', 'revoked', 'exhausted'])
})

describe('whatever happens in whatever order', () => {
  const people = fc.constantFrom('rep.li', 'manager.wu', 'manager.xu')
  const acts: fc.Arbitrary<ApprovalAct> = fc.oneof(
    fc.record({ kind: fc.constantFrom('approve' as const, 'deny' as const), by: people, version: fc.integer({ min: 1, max: 6 }), mayApprove: fc.boolean(), isSubordinate: fc.boolean() }),
    fc.record({ kind: fc.constant('cancel' as const), by: people }),
    fc.record({ kind: fc.constant('revoke' as const), by: people, mayApprove: fc.boolean() }),
    fc.record({ kind: fc.constant('view' as const), by: people, sessionId: fc.constantFrom('s1', 's2'), personId: fc.constantFrom('p1', 'p2'), fieldKeys: fc.constantFrom(['idNumber'], ['address'], []), isInReach: fc.boolean() }),
  )
  const steps = fc.array(fc.tuple(acts, fc.integer({ min: 0, max: 300 })), { maxLength: 12 })

  it('nobody looks without a live grant that as many others as needed have given', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(1 as const, 2 as const), fc.integer({ min: 1, max: 60 }), (path, neededApprovers, minutes) => {
        let approval = newApproval({ ...wish, neededApprovers, minutes }, minutesLater(0))
        const approvedBy = new Set<string>()
        let [isEnded, passed, openedAt, views] = [false, 0, -1, 0]
        for (const [act, wait] of path) {
          passed += wait
          const outcome = approvalAfter(approval, act, minutesLater(passed))
          if ('refusal' in outcome) continue
          expect(outcome.next.version).toBe(approval.version + 1)
          approval = outcome.next
          if (act.kind === 'approve') {
            expect([act.mayApprove, act.isSubordinate]).toEqual([true, false])
            approvedBy.add(act.by)
          }
          if (act.kind === 'approve' && approvedBy.size === neededApprovers) openedAt = passed
          if (act.kind === 'view') {
            views += 1
            expect([isEnded, approvedBy.has('rep.li'), approvedBy.size]).toEqual([false, false, neededApprovers])
            expect([act.by, act.sessionId, act.personId, act.fieldKeys, act.isInReach]).toEqual(['rep.li', 's1', 'p1', ['idNumber'], true])
            expect(passed - openedAt).toBeLessThan(Math.min(minutes, 30))
          }
          isEnded ||= act.kind === 'deny' || act.kind === 'cancel' || act.kind === 'revoke'
        }
        expect(views).toBeLessThanOrEqual(2)
        expect(approval.views).toBe(views)
      }),
      { numRuns: 2_000 },
    )
  })
})
