import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { readGate } from './gate.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const numbers = Array.from({ length: 12 }, (_unused, index) => index)
const actorOf = (index: number): MemberActor => ({ kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: `o-gate-${index}`, unionId: null, externalUserId: null })

describe('the door, asked by many at once', () => {
  it('tells each of their own draft, phone and consent', async () => {
    const [{ namespace }, at] = [actorOf(0), services.now()]
    const consentIds = numbers.map(() => randomUUID())
    for (const index of numbers.filter((each) => each % 3 !== 0)) {
      await services.db.pool.query(`insert into registration_draft (namespace, open_id, draft_id, data_key_sealed, phone_sealed, updated_at, expires_at)
        values ($1, $2, gen_random_uuid(), 'key', $3, $4::timestamptz, $4::timestamptz + interval '1 hour')`, [namespace, `o-gate-${index}`, Buffer.from(`phone ${index}`), at])
      await services.db.pool.query(`insert into consent (consent_id, namespace, open_id, purpose, policy_version, granted_at) values ($1, $2, $3, 'membership', '2026-01', $4)`, [consentIds[index], namespace, `o-gate-${index}`, at])
    }
    // Everybody names everybody's consents: only their own count.
    const body = { policyVersion: '2026-01', formVersion: '2026-01', consentIds, answers: {}, confirmed: {} }
    const gates = await Promise.all(numbers.map((index) => readGate(services, actorOf(index), body, { scope: 'gate', key: String(index), requestHash: Buffer.from('r') }, at)))
    expect(gates.map(({ phone_sealed: phone, consents }) => [phone?.toString() ?? null, consents?.length ?? 0])).toEqual(numbers.map((index) => (index % 3 === 0 ? [null, 0] : [`phone ${index}`, 1])))
  })
})
