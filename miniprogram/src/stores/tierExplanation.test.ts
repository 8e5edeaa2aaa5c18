import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { answers, wxCalls } from '../../test/fakeWx.ts'
import { useTierExplanationStore } from './tierExplanation.ts'

const line = (id: string) => ({ growthEntryId: id, title: '消费', amount: 1, occurredAt: '2026-06-10T04:00:00.000Z', postedAt: '2026-06-10T04:00:00.000Z', isCounting: true, countsUntil: '2027-06-10' })
const problem = (code: string, status: number) => () => ({ status, body: { type: 'about:blank', title: '', status, code } })
const told = { tier: { code: 'normal', name: '普通会员' } }

beforeEach(() => {
  setActivePinia(createPinia())
  answers.set('POST /api/members/session', () => ({ status: 200, body: { sessionToken: 'session-1', isRecognised: false, member: null } }))
  answers.set('GET /api/members/me/tier', () => ({ status: 200, body: told }))
  answers.set('GET /api/members/me/growth-entries', () => ({ status: 200, body: { entries: [line('b'), line('a')], next: 'a' } }))
})

describe('the explanation of the tier', () => {
  it('adds the older lines below, once however often it is asked, and keeps what it has when they do not come', async () => {
    const store = useTierExplanationStore()
    await store.load()
    answers.set('GET /api/members/me/growth-entries', problem('server.unavailable', 503))
    await store.loadMore()
    expect([store.entries.length, store.hasMoreFailed, store.next]).toEqual([2, true, 'a'])
    answers.set('GET /api/members/me/growth-entries', () => ({ status: 200, body: { entries: [line('0')], next: null } }))
    await Promise.all([store.loadMore(), store.loadMore()])
    expect([store.entries.map(({ growthEntryId }) => growthEntryId), store.hasMoreFailed, store.next]).toEqual([['b', 'a', '0'], false, null])
    expect(String(wxCalls.filter(({ name }) => name === 'request').at(-1)?.options['url'])).toContain('growth-entries?after=a')
  })

  it('tells somebody who is no member from a network that fails, and keeps what is on the screen', async () => {
    const store = useTierExplanationStore()
    answers.set('GET /api/members/me/tier', problem('server.unavailable', 503))
    await store.load()
    expect(store.state).toBe('failed')
    answers.set('GET /api/members/me/tier', problem('member.notFound', 404))
    await store.load()
    expect(store.state).toBe('notMember')
    answers.set('GET /api/members/me/tier', () => ({ status: 200, body: told }))
    await store.load()
    answers.set('GET /api/members/me/tier', problem('server.unavailable', 503))
    await store.load()
    expect([store.state, store.explanation]).toEqual(['ready', told])
  })
})
