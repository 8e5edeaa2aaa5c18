import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type RunningServer } from '../factories/startServer.ts'

let product: RunningServer
beforeAll(async () => {
  product = await startServer({ withWorker: false })
})
afterAll(() => product.close())

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly member?: { readonly memberId: string } }
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${product.serverUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** Everything up to the last tap. @returns a function that sends the registration under a key */
async function readyToRegister(personId: string, phoneCode = product.sandbox.world.phoneCode(personId)): Promise<(key: string) => Promise<Answer>> {
  const session = await post('/api/members/session', { code: product.sandbox.world.loginCode(personId) })
  const headers = { authorization: `Bearer ${String(session.body['sessionToken'])}` }
  const consent = await post('/api/consents', { policyVersion: '2026-01', purposes: ['membership'] }, headers)
  const body = { phoneCode, consentIds: consent.body['consentIds'], policyVersion: '2026-01', formVersion: '2026-01' }
  return (key) => post('/api/members/registrations', body, { ...headers, 'idempotency-key': key })
}

describe('registration over HTTP', () => {
  it('gives the first answer to a repeat, although its phone code is spent', async () => {
    const register = await readyToRegister('p001')
    const key = randomUUID()
    const first = await register(key)
    expect(first).toMatchObject({ status: 201, body: { outcome: 'registered' } })
    expect(await register(key)).toEqual(first)
  })

  it('shares one execution among twins of one key', async () => {
    const register = await readyToRegister('p002')
    const key = randomUUID()
    const twins = await Promise.all(Array.from({ length: 20 }, () => register(key)))
    expect(new Set(twins.map(({ body }) => body.member?.memberId)).size).toBe(1)
    expect(twins.every(({ status }) => status === 201)).toBe(true)
  })

  it('makes one member of fifty requests with one phone code; the same person finds it, anybody else is refused', async () => {
    const phoneCode = product.sandbox.world.phoneCode('p003')
    const register = await readyToRegister('p003', phoneCode)
    const answers = await Promise.all(Array.from({ length: 50 }, () => register(randomUUID())))
    expect(answers.filter(({ body }) => body['outcome'] === 'registered')).toHaveLength(1)
    expect(answers.every(({ body }) => body['outcome'] !== undefined || body['code'] === 'phone.codeInvalid')).toBe(true)
    expect(new Set(answers.flatMap(({ body }) => body.member?.memberId ?? [])).size).toBe(1)
    const stranger = await readyToRegister('p005', phoneCode)
    expect(await stranger(randomUUID())).toMatchObject({ status: 422, body: { code: 'phone.codeInvalid' } })
  })

  it('makes nobody a member before the consent is recorded', async () => {
    const session = await post('/api/members/session', { code: product.sandbox.world.loginCode('p004') })
    expect(session.body['member']).toBeNull()
    const headers = { authorization: `Bearer ${String(session.body['sessionToken'])}`, 'idempotency-key': randomUUID() }
    const body = { phoneCode: product.sandbox.world.phoneCode('p004'), consentIds: [randomUUID()], policyVersion: '2026-01', formVersion: '2026-01' }
    expect(await post('/api/members/registrations', body, headers)).toMatchObject({ status: 422, body: { code: 'consent.required' } })
  })
})
