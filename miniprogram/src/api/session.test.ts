import { beforeEach, describe, expect, it, vi } from 'vitest'
import { answers, wxCalls } from '../../test/fakeWx.ts'

const memberRoute = 'GET /api/members/me'
const problem = (code: string, status: number) => () => ({ status, body: { type: 'about:blank', title: '', status, code } })
const route = { method: 'GET', path: '/api/members/me' } as const
const logins = () => wxCalls.filter(({ name }) => name === 'login').length
let callAsMember: typeof import('./session.ts').callAsMember
let openSession: typeof import('./session.ts').openSession

beforeEach(async () => {
  vi.resetModules()
  ;({ callAsMember, openSession } = await import('./session.ts'))
  answers.set('POST /api/members/session', () => ({ status: 200, body: { sessionToken: 'session-1', isRecognised: false, member: null } }))
})

describe('callAsMember', () => {
  it('logs in first, and sends the session as a bearer', async () => {
    answers.set(memberRoute, () => ({ status: 200, body: { memberNo: 'M1' } }))
    expect(await callAsMember(route)).toEqual({ memberNo: 'M1' })
    const header = wxCalls.filter(({ name }) => name === 'request').at(-1)?.options['header']
    expect(header).toMatchObject({ authorization: 'Bearer session-1' })
  })

  it('logs in once more for an ended session, and not a third time', async () => {
    answers.set(memberRoute, problem('session.expired', 401))
    await expect(callAsMember(route)).rejects.toMatchObject({ code: 'session.expired' })
    expect(logins()).toBe(2)
  })

  it('shares one login between calls that start together', async () => {
    await Promise.all([openSession(), openSession(), openSession()])
    expect(logins()).toBe(1)
  })

  const failures = [
    [problem('request.rateLimited', 429), 'request.rateLimited'],
    [() => ({ status: 502, body: '<h1>Bad Gateway</h1>' }), 'server.unavailable'],
    [() => ({ status: 429, body: '' }), 'request.rateLimited'],
    [problem('not.known', 400), 'server.internal'],
  ] as const
  it.each(failures)('turns an answer into a typed error (%#)', async (answer, code) => {
    answers.set(memberRoute, answer)
    await expect(callAsMember(route)).rejects.toMatchObject({ name: 'ApiError', code })
  })

  it('says so when no answer comes', async () => {
    await expect(callAsMember(route)).rejects.toMatchObject({ code: 'network.unreachable' })
  })
})
