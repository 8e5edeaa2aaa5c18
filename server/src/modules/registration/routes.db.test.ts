import { randomUUID } from 'node:crypto'
import type { RegistrationEntry } from '@qihui/shared/registration'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { registrationRoutes } from './routes.ts'
import { recordVisit } from './visits.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
  await services.db.pool.query(`insert into staff values ('rep.li', '李静', '{2}', true, now())`)
})
afterAll(() => services.close())

async function entry(scene?: string): Promise<RegistrationEntry> {
  const found = registrationRoutes(services).find(({ path }) => path === '/api/registrations/entry')
  return (await found?.handle({ query: { scene } } as never)) as RegistrationEntry
}

async function channel(token: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const columns = { channel_id: randomUUID(), token, kind: 'inviteLink', name: '开业', state: 'ready', staff_user_id: 'rep.li', binding_mode: 'forced', created_at: services.now(), ...more }
  const names = Object.keys(columns)
  await services.db.pool.query(`insert into channel (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`, Object.values(columns))
}

describe('the entry', () => {
  it('shows the policy and the form in force, with or without a channel', async () => {
    expect(await entry()).toMatchObject({ channel: null, registrationGrowth: 100, policy: { version: '2026-01' }, form: { version: '2026-01', fields: [{ key: 'phone', purpose: '会员身份确认与服务联系' }] } })
    expect((await entry('unknownunknownunknown1')).channel).toBeNull()
  })

  it.each([
    ['open', {}],
    ['revoked', { revoked_at: new Date('2026-11-01') }],
    ['expired', { expires_at: new Date('2026-11-01') }],
    ['used', { max_registrations: 1, counted_registrations: 1 }],
    ['overQuota', { max_registrations: 2, counted_registrations: 2 }],
  ] as const)('says that a channel is %s', async (state, more) => {
    const token = `entry${state}`.padEnd(22, '0')
    await channel(token, more)
    expect((await entry(token)).channel).toEqual({ token, name: '开业', storeName: null, staffName: '李静', kind: 'inviteLink', state, bindingMode: 'forced' })
  })
})

describe('a visit', () => {
  it('is one row of its channel, however often it is told, and nobody else can take it over', async () => {
    await channel('visitvisitvisitvisitvi')
    const actor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: 'o-visit', unionId: null, externalUserId: null } as const
    const visit = { channelToken: 'visitvisitvisitvisitvi', visitId: randomUUID() }
    expect([await recordVisit(services, actor, visit), await recordVisit(services, actor, visit)]).toEqual([true, true])
    expect(await recordVisit(services, { ...actor, openId: 'o-other' }, visit)).toBe(false)
    expect(await recordVisit(services, actor, { channelToken: 'unknownunknownunknown1', visitId: randomUUID() })).toBe(false)
    expect((await services.db.pool.query('select place, open_id from visit')).rows).toEqual([{ place: 'miniProgram', open_id: 'o-visit' }])
  })
})
