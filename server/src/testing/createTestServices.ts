import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { openDatabase } from '../db/pool.ts'
import { readEnv, type Env } from '../env.ts'
import { createFieldCipher } from '../security/fieldCipher.ts'
import { createMetrics } from '../metrics/createMetrics.ts'
import { localKeyring } from '../security/openKeyring.ts'
import type { Services } from '../services.ts'
import { createSightings } from '../vendor/sightings.ts'
import { createTestDatabase } from './createTestDatabase.ts'
import { createPolicyBook } from '../modules/consent/book.ts'
import { publishPolicies } from '../modules/consent/commands.ts'
import { createFormBook } from '../modules/form/book.ts'
import { createGrowthRuleBook } from '../modules/growth/book.ts'
import { publishFirstGrowthRules } from '../modules/growth/ruleCommands.ts'
import { createTierRuleBook } from '../modules/tier/book.ts'
import { publishForms } from '../modules/form/commands.ts'

/** Settings of a test deployment; keys are new each time. */
export function testEnv(databaseUrl: string, more: Readonly<Record<string, string>> = {}): Env {
  return readEnv({
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://localhost:3000',
    DATABASE_URL: databaseUrl,
    WECOM_CORP_ID: 'ww5a1d0c3f7e9b2468',
    WECOM_AGENT_ID: '1000002',
    WECOM_AGENT_SECRET: 'test-agent-secret',
    WECOM_CALLBACK_TOKEN: 'TestCallbackToken01',
    WECOM_CALLBACK_AES_KEY: 'q7Xn2mVb9Lk4Ts8Rw1Yc6Hd3Jf5Gp0ZaEuIoQxNvBtM',
    WECHAT_MP_APPID: 'wx5a1d0c3f7e9b2468',
    WECHAT_MP_SECRET: 'test-mp-secret',
    SECURITY_FIELD_KEY: randomBytes(32).toString('base64'),
    SECURITY_INDEX_KEY: randomBytes(32).toString('base64'),
    INTEGRATION_API_KEY: randomBytes(24).toString('hex'),
    LOG_LEVEL: 'silent',
    ...more,
  })
}

/** A vendor edge for tests that must not need one: every call fails and names itself. */
function absent<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: (_target, method) => () => {
      throw new Error(`${name}.${String(method)} was called, but this test gave no ${name}`)
    },
  })
}

export interface TestServices extends Services {
  /** The time every `now()` tells; tests move it. */
  readonly clock: { at: Date }
  close(): Promise<void>
}

/** Services on a database of their own. Vendor edges are absent unless given. */
export async function createTestServices(given: Partial<Pick<Services, 'wecom' | 'wechat' | 'mail' | 'sms' | 'log'>> & { readonly settings?: Readonly<Record<string, string>>; readonly databaseRole?: string } = {}): Promise<TestServices> {
  const database = await createTestDatabase()
  const env = testEnv(database.url, given.settings)
  const db = openDatabase(database.url, () => {}, { role: given.databaseRole ?? null })
  const clock = { at: new Date('2026-11-20T02:00:00.000Z') }
  const now = () => clock.at
  const services: TestServices = {
    env,
    db,
    clock,
    now,
    trialClock: null,
    log: given.log ?? pino({ level: 'silent' }),
    cipher: createFieldCipher(localKeyring(env.fieldKeys), env.indexKey),
    sightings: createSightings({ db, now, log: pino({ level: 'silent' }) }),
    metrics: createMetrics(),
    wecom: given.wecom ?? absent('wecom'),
    wechat: given.wechat ?? absent('wechat'),
    mail: given.mail ?? null,
    sms: given.sms ?? null,
    forms: createFormBook({ db, now }),
    policies: createPolicyBook({ db, now }),
    growthRules: createGrowthRuleBook({ db, now }),
    tierRules: createTierRuleBook({ db, now }),
    async close() {
      await db.close()
      await database.drop()
    },
  }
  await publishPolicies(services)
  await publishForms(services)
  await publishFirstGrowthRules(services)
  return services
}
