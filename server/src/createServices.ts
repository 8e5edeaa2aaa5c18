import { openDatabase } from './db/pool.ts'
import type { Env } from './env.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics/createMetrics.ts'
import { createMailSender, createSmsSender } from './messaging/index.ts'
import { createPolicyBook } from './modules/consent/book.ts'
import { createFormBook } from './modules/form/book.ts'
import { createGrowthRuleBook } from './modules/growth/book.ts'
import { createTierRuleBook } from './modules/tier/book.ts'
import { createFieldCipher } from './security/fieldCipher.ts'
import type { Keyring } from './security/keyring.ts'
import { localKeyring } from './security/openKeyring.ts'
import type { Services } from './services.ts'
import { createCallMeter } from './vendor/callMeter.ts'
import { createCallWindows } from './vendor/callWindows.ts'
import { createSightings } from './vendor/sightings.ts'
import { createTrialClock } from './trial/trialClock.ts'
import { createWechat } from './wechat/index.ts'
import { createWecom } from './wecom/index.ts'

/** What is not set up is null: the screens say so, and nothing is queued for it. */
function messagingOf(env: Env, log: Services['log']): Pick<Services, 'mail' | 'sms'> {
  const { smtpUrl, mailFrom, smsApiUrl, smsApiKey } = env
  return {
    mail: smtpUrl !== null && mailFrom !== null ? createMailSender({ smtpUrl, from: mailFrom }) : null,
    sms: smsApiUrl !== null && smsApiKey !== null ? createSmsSender({ url: smsApiUrl, key: smsApiKey, log }) : null,
  }
}

/** What a root found out first, and a test's own clock and log sink. */
export interface ServiceOptions {
  /** Needed when a key service holds the keys; else made of the settings. */
  readonly keyring?: Keyring
  /** The role daily work runs under, once the schema and its rights are there; null: that of the address. */
  readonly databaseRole?: string | null
  readonly now?: () => Date
  readonly logTo?: { write(line: string): void }
}

/** Everything the server is made of, from its settings. */
export function createServices(env: Env, options: ServiceOptions = {}): Services {
  const log = createLog(env.logLevel, options.logTo)
  const db = openDatabase(env.databaseUrl, (error) => log.error({ err: error }, 'database connection lost'), { role: options.databaseRole ?? null, isGreetingPlain: env.databaseRole === null })
  const cipher = createFieldCipher(options.keyring ?? localKeyring(env.fieldKeys), env.indexKey)
  const trialClock = env.trialClockFile === null ? null : createTrialClock(env.trialClockFile, log)
  const now = options.now ?? trialClock?.now ?? (() => new Date())
  const sightings = createSightings({ db, now, log })
  const metrics = createMetrics()
  const edge = { env, db, now, log, cipher, sightings, metrics, callMeter: createCallMeter(metrics, createCallWindows({ db, now, log })) }
  return { ...edge, trialClock, wecom: createWecom(edge), wechat: createWechat(edge), ...messagingOf(env, log), forms: createFormBook(edge), policies: createPolicyBook(edge), growthRules: createGrowthRuleBook(edge), tierRules: createTierRuleBook(edge) }
}
