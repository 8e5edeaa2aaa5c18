/**
 * The environment `npm start` gives the server: keys made once for this checkout, the sandbox's credentials, and whatever
 * the person set themselves, which wins.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import util from 'node:util'
import { ROOT } from './workspace.mjs'

/**
 * @param {{ dataDir: string, port: number, serverPort: number, mailPort: number, databaseUrl: string }} options `port` is the one address
 * @returns {Record<string, string>}
 */
export function developmentEnv({ dataDir, port, serverPort, mailPort, databaseUrl }) {
  const sandbox = JSON.parse(readFileSync(join(ROOT, 'test/sandbox/credentials.json'), 'utf8'))
  const publicUrl = `http://localhost:${port}`
  const defaults = {
    PUBLIC_URL: publicUrl,
    DATABASE_URL: databaseUrl,
    WECOM_CORP_ID: sandbox.corpId,
    WECOM_AGENT_ID: sandbox.agentId,
    WECOM_AGENT_SECRET: sandbox.agentSecret,
    WECOM_CALLBACK_TOKEN: sandbox.callbackToken,
    WECOM_CALLBACK_AES_KEY: sandbox.callbackAesKey,
    WECOM_API_BASE: `${publicUrl}/_vendor/qyapi`,
    WECOM_OPEN_BASE: `${publicUrl}/_vendor/open`,
    WECHAT_MP_APPID: sandbox.mpAppId,
    WECHAT_MP_SECRET: sandbox.mpSecret,
    WECHAT_OA_APPID: sandbox.oaAppId,
    WECHAT_OA_SECRET: sandbox.oaSecret,
    WECHAT_API_BASE: `${publicUrl}/_vendor/wxapi`,
    WECHAT_OPEN_PLATFORM_ID: sandbox.openPlatformId,
    WECHAT_MP_ORIGINAL_ID: sandbox.mpOriginalId,
    WECHAT_RISK_RANK: 'on',
    OPERATOR_STAFF_USER_IDS: 'manager.wu,manager.xu',
    SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    MAIL_FROM: 'member@qihui.example',
    SMS_API_URL: `${publicUrl}/_vendor/sms/messages`,
    SMS_API_KEY: sandbox.smsApiKey,
    TRUSTED_PROXY_HOPS: '1',
    TRIAL_CLOCK_FILE: join(dataDir, 'clock.txt'),
    ERASURE_LIST_DIR: join(dataDir, 'erasures'),
    ...developmentKeys(join(dataDir, 'dev.env')),
  }
  return { ...defaults, ...definedOf(process.env), NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(serverPort) }
}

/**
 * Random keys of this data folder. They must outlive a restart: the database is encrypted with them.
 * @param {string} file
 * @returns {Record<string, string>}
 */
function developmentKeys(file) {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o711 })
    const lines = [
      '# Keys of this development database. Made by chance, never used in production.',
      `SECURITY_FIELD_KEY=${randomBytes(32).toString('base64')}`,
      `SECURITY_INDEX_KEY=${randomBytes(32).toString('base64')}`,
      `INTEGRATION_API_KEY=${randomBytes(32).toString('base64url')}`,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  }
  return definedOf(util.parseEnv(readFileSync(file, 'utf8')))
}

/**
 * @param {NodeJS.Dict<string>} variables
 * @returns {Record<string, string>}
 */
function definedOf(variables) {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
