import { openDatabase } from './db/pool.ts'
import type { Env } from './env.ts'
import { createLog } from './log.ts'
import { createMailSender, createSmsSender } from './messaging/index.ts'
import { createPolicyBook } from './modules/consent/book.ts'
import { createFormBook } from './modules/form/book.ts'
import { createFieldCipher } from './security/fieldCipher.ts'
import type { Services } from './services.ts'
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

/** Everything the server is made of, from its settings. @param options a test's own clock and log sink */
export function createServices(env: Env, options: { readonly now?: () => Date; readonly logTo?: { write(line: string): void } } = {}): Services {
  const log = createLog(env.logLevel, options.logTo)
  const db = openDatabase(env.databaseUrl, (error) => log.error({ err: error }, 'database connection lost'))
  const cipher = createFieldCipher(env.fieldKey, env.indexKey)
  const now = options.now ?? (() => new Date())
  const edge = { env, db, now, log, cipher }
  return { ...edge, wecom: createWecom(edge), wechat: createWechat(edge), ...messagingOf(env, log), forms: createFormBook(edge), policies: createPolicyBook(edge) }
}
