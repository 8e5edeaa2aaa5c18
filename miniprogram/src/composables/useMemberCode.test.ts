import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answers, wxCalls } from '../../test/fakeWx.ts'
import { useMemberCode } from './useMemberCode.ts'

const codeRoute = 'GET /api/members/me/code'
const fetched = () => wxCalls.filter(({ name, options }) => name === 'request' && String(options['url']).endsWith('/me/code')).length
let issued = 0

function issue(lifeMs: number): void {
  answers.set(codeRoute, () => ({
    status: 200,
    body: { code: `code-${++issued}`, imageDataUrl: 'data:image/png;base64,AA==', expiresAt: new Date(Date.now() + lifeMs).toISOString() },
  }))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  issued = 0
  answers.set('POST /api/members/session', () => ({ status: 200, body: { sessionToken: 't', isRecognised: true, member: null } }))
})
afterEach(() => vi.useRealTimers())

describe('useMemberCode', () => {
  it('asks for a new code before the old one ends', async () => {
    issue(60_000)
    const memberCode = useMemberCode()
    await memberCode.show()
    expect(memberCode.code.value?.code).toBe('code-1')
    await vi.advanceTimersByTimeAsync(54_999)
    expect(memberCode.code.value?.code).toBe('code-1')
    await vi.advanceTimersByTimeAsync(1)
    expect(memberCode.code.value?.code).toBe('code-2')
    memberCode.hide()
  })

  it('asks at most every five seconds, even when the clock of the phone runs ahead', async () => {
    issue(-3_600_000)
    const memberCode = useMemberCode()
    await memberCode.show()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(fetched()).toBe(5)
    memberCode.hide()
  })

  it('stops asking once it is hidden', async () => {
    issue(60_000)
    const memberCode = useMemberCode()
    await memberCode.show()
    memberCode.hide()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(fetched()).toBe(1)
    expect(memberCode.code.value).toBeNull()
  })

  it('shows no code that could not be renewed, and works again when asked by hand', async () => {
    issue(60_000)
    const memberCode = useMemberCode()
    await memberCode.show()
    answers.delete(codeRoute)
    await vi.advanceTimersByTimeAsync(55_000)
    expect(memberCode.hasFailed.value).toBe(true)
    expect(memberCode.code.value).toBeNull()
    issue(60_000)
    await memberCode.refresh()
    expect(memberCode.hasFailed.value).toBe(false)
    expect(memberCode.code.value?.code).toBe('code-2')
    memberCode.hide()
  })
})
