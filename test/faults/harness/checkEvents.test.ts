import { describe, expect, it } from 'vitest'
import { checkEvents, type EventEndState, type Push, type WorldPair } from './checkEvents.ts'

const push = (plaintext: string, status: number | null = 200, kind = 'edit'): Push => ({ plaintext, kind, status, ms: 1 })
const pushes = [push('a', 200, 'add'), push('a', 200, 'add'), push('b', null), push('b'), push('c', 200, 'lost')]
const world: WorldPair[] = [
  { externalUserId: 'wm1', staffUserId: 'rep', tagIds: ['t2', 't1'], isDeletedByCustomer: false },
  { externalUserId: 'wm2', staffUserId: 'rep', tagIds: [], isDeletedByCustomer: true },
]
const end: EventEndState = {
  storedByKind: new Map([['add', 1], ['edit', 1], ['lost', 1]]),
  follows: [
    { external_user_id: 'wm1', staff_user_id: 'rep', tag_ids: ['t1', 't2'], ended_by: null },
    { external_user_id: 'wm2', staff_user_id: 'rep', tag_ids: [], ended_by: 'customer' },
  ],
  timeline: ['contact.added:wm1:rep', 'contact.added:wm2:rep', 'contact.lost:wm2:rep'],
  welcomeAttempts: 1,
  greetings: new Map([['code', 1]]),
}
const after = (change: Partial<EventEndState>, history = pushes) => checkEvents(history, world, 1, { ...end, ...change })

describe('the checker of events', () => {
  it('has nothing against a history that ended as it should', () => {
    expect(after({})).toEqual([])
  })

  it('accepts an event that was stored although its sender heard nothing', () => {
    expect(after({}, [...pushes, push('d', null, 'add')])).toEqual([])
    expect(after({ storedByKind: new Map([...end.storedByKind, ['add', 2]]) }, [...pushes, push('d', null, 'add')])).toEqual([])
  })

  it.each<[string, Partial<EventEndState>, RegExp]>([
    ['an answered event that is not there', { storedByKind: new Map([['add', 1], ['lost', 1]]) }, /1 answered events of the kind edit are lost/],
    ['an event that is there twice', { storedByKind: new Map([...end.storedByKind, ['add', 2]]) }, /kind add are stored more than once/],
    ['an event nobody sent', { storedByKind: new Map([...end.storedByKind, ['strange', 1]]) }, /strange/],
    ['a pair that is not mirrored', { follows: end.follows.slice(1) }, /wm1:rep is mirrored 0 times/],
    ['a pair that is mirrored twice', { follows: [...end.follows, ...end.follows.slice(0, 1)] }, /wm1:rep is mirrored 2 times/],
    ['tags the platform does not have', { follows: end.follows.map((row) => ({ ...row, tag_ids: ['t1'] })) }, /wm1:rep carries other tags/],
    ['an end that did not arrive', { follows: end.follows.map((row) => ({ ...row, ended_by: null })) }, /wm2:rep was ended by null, not by customer/],
    ['an end nobody told of', { follows: end.follows.map((row) => ({ ...row, ended_by: 'customer' })) }, /wm1:rep was ended by customer/],
    ['a beginning that is told twice', { timeline: [...end.timeline, 'contact.added:wm1:rep'] }, /2 times that wm1:rep began/],
    ['an end that is not told', { timeline: end.timeline.slice(0, 2) }, /0 times that wm2:rep ended/],
    ['a welcome that was never tried', { welcomeAttempts: 0 }, /0 welcomes were tried for 1/],
    ['a customer greeted twice', { greetings: new Map([['code', 2]]) }, /greeted 2 times/],
  ])('finds %s', (_name, change, words) => {
    expect(after(change).join('\n')).toMatch(words)
  })
})
