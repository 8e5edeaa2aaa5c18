import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createStaffSessions, staffSessionTtlMs } from './sessions.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

describe('the session of an employee', () => {
  it('ends at its time, remembered or not', async () => {
    const sessions = createStaffSessions(services)
    const record = { stateHash: Buffer.from('state'), returnTo: '/sidebar/', seal: () => Buffer.from('sealed'), previousToken: undefined }
    const token = await sessions.open({ staffUserId: 'rep.li', name: '李静', departmentIds: [2] }, record)
    services.clock.at = new Date(services.clock.at.getTime() + staffSessionTtlMs - 1)
    expect(await sessions.authenticate(token)).toMatchObject({ staffUserId: 'rep.li' })
    services.clock.at = new Date(services.clock.at.getTime() + 1)
    expect(await sessions.authenticate(token)).toBeNull()
  })
})
