import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import type { VerifiedPhone } from '../../wechat/wechat.ts'
import { grantConsent } from '../consent/commands.ts'
import { registrationDoor } from './registrationDoor.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

describe('registrationDoor', () => {
  it('spends one phone code for twins of one key, also while the first is still waiting for WeChat', async () => {
    let asked = 0
    let answer: (phone: VerifiedPhone) => void = () => {}
    const phoneOfCode = () => {
      asked += 1
      return new Promise<VerifiedPhone>((resolve) => (answer = resolve))
    }
    const register = registrationDoor({ ...services, wechat: { ...services.wechat, phoneOfCode } })
    const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), openId: 'o-twin', unionId: 'u-twin' }
    const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
    const body = { phoneCode: 'code', consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
    const call = { scope: 'register:o-twin', key: randomUUID(), requestHash: Buffer.from('same') }
    const twins = [register(actor, body, call), register(actor, body, call)]
    answer({ phoneNumber: '13800001111', countryCode: '86' })
    const [first, second] = await Promise.all(twins)
    expect(asked).toBe(1)
    expect(second).toEqual(first)
  })
})
