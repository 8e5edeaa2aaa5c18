import { randomUUID } from 'node:crypto'
import { apiKeyScopeSchema } from '@qihui/shared/member'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createApiKeys } from './apiKeys.ts'
import { createApiKey, revokeApiKey } from './commands.ts'
import { requireScope } from './policy.ts'
import { listApiKeys } from './queries.ts'

const operator = staffWithoutSession('manager.wu', '吴敏', true)
let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

describe('API keys', () => {
  it('open what they were made for, and are stored as a hash only', async () => {
    const { key, keyId } = await createApiKey(services, operator, { name: 'ERP', scopes: ['members:write', 'members:write'] })
    const actor = await createApiKeys(services).authenticate(key)
    expect(actor).toEqual({ kind: 'integration', keyId, scopes: new Set(['members:write']) })
    if (actor === null) throw new Error('the key opens nothing')
    expect(() => requireScope(actor, 'members:write')).not.toThrow()
    expect(() => requireScope(actor, 'orders:write')).toThrow(expect.objectContaining({ code: 'apiKey.scopeMissing' }))
    const stored = await services.db.pool.query(`select api_key::text as row from api_key`)
    expect(JSON.stringify(stored.rows)).not.toContain(key)
    expect(JSON.stringify(await listApiKeys(services))).not.toContain(key)
  })

  it('note their use at most once a minute', async () => {
    const { key, keyId } = await createApiKey(services, operator, { name: 'POS', scopes: ['orders:write'] })
    const lastUsed = async () => (await listApiKeys(services)).find((each) => each.keyId === keyId)?.lastUsedAt
    expect(await lastUsed()).toBeNull()
    const first = services.clock.at
    await createApiKeys(services).authenticate(key)
    services.clock.at = new Date(first.getTime() + 30_000)
    await createApiKeys(services).authenticate(key)
    expect(await lastUsed()).toBe(first.toISOString())
    services.clock.at = new Date(first.getTime() + 60_000)
    await createApiKeys(services).authenticate(key)
    expect(await lastUsed()).toBe(services.clock.at.toISOString())
  })

  it('end for good; twice is once', async () => {
    const { key, keyId } = await createApiKey(services, operator, { name: 'CRM', scopes: ['keyActs:write'] })
    const revoked = await revokeApiKey(services, operator, keyId)
    services.clock.at = new Date(services.clock.at.getTime() + 1000)
    expect(await revokeApiKey(services, operator, keyId)).toEqual(revoked)
    expect(await createApiKeys(services).authenticate(key)).toBeNull()
    await expect(revokeApiKey(services, operator, randomUUID())).rejects.toMatchObject({ code: 'request.notFound' })
  })

  it('of the settings may do everything; any other text opens nothing', async () => {
    const keys = createApiKeys(services)
    expect((await keys.authenticate(services.env.integrationApiKey))?.scopes.size).toBe(apiKeyScopeSchema.options.length)
    for (const wrong of ['', 'x', `${services.env.integrationApiKey}x`, 'qhk_'.padEnd(47, 'a')]) expect(await keys.authenticate(wrong)).toBeNull()
  })
})
