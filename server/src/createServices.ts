import { openDatabase } from './db/pool.ts'
import type { Env } from './env.ts'
import { createLog } from './log.ts'
import { createFieldCipher } from './security/fieldCipher.ts'
import type { Services } from './services.ts'
import { createWechat } from './wechat/index.ts'
import { createWecom } from './wecom/index.ts'

/** Everything the server is made of, from its settings. */
export function createServices(env: Env): Services {
  const log = createLog(env.logLevel)
  const db = openDatabase(env.databaseUrl, (error) => log.error({ err: error }, 'database connection lost'))
  const cipher = createFieldCipher(env.fieldKey, env.indexKey)
  const now = () => new Date()
  const edge = { env, db, now, log, cipher }
  return { ...edge, wecom: createWecom(edge), wechat: createWechat(edge) }
}
