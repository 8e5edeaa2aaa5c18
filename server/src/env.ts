import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { roles, type Role } from '@qihui/shared/rights'
import * as v from 'valibot'
import { egressProblems, egressTargets, mainland, readHostList, type EgressTarget } from './security/egress.ts'
import { parseFieldKeys, type FieldKeySetting } from './security/parseFieldKeys.ts'

/** Every setting of the server. Read once, here and nowhere else. */
export interface Env {
  readonly mode: 'development' | 'production' | 'test'
  readonly port: number
  readonly host: string
  /** Address people and vendors reach us at, without a trailing slash. */
  readonly publicUrl: string
  readonly databaseUrl: string
  readonly role: 'web' | 'worker' | 'both'
  readonly wecom: {
    readonly corpId: string
    readonly agentId: string
    readonly agentSecret: string
    readonly callbackToken: string
    readonly callbackAesKey: string
    readonly apiBase: string
    readonly openBase: string
  }
  readonly wechat: {
    readonly mpAppId: string
    readonly mpSecret: string
    readonly oaAppId: string
    readonly oaSecret: string
    readonly apiBase: string
    /** Names the namespace of unionids; any fixed text. */
    readonly openPlatformId: string
    /** The mini-program's `gh_…`, for the open tag of the invite page; null: the page shows the code instead. */
    readonly mpOriginalId: string | null
    /** Whether the company has bought WeChat's risk rank (`getuserriskrank`). */
    readonly isRiskRankOn: boolean
  }
  /** Employees who may use the console, until roles decide it. */
  readonly operators: ReadonlySet<string>
  /** Roles whose holders may open sensitive fields in an emergency; none unless named. */
  readonly breakGlassRoles: ReadonlySet<Role>
  /** `smtp(s)://user:password@host:port`; null: no e-mail is sent. */
  readonly smtpUrl: string | null
  readonly mailFrom: string | null
  /** Address of the SMS provider's JSON door; null: no SMS is sent. */
  readonly smsApiUrl: string | null
  readonly smsApiKey: string | null
  /** Key-encryption keys by version (R60); the highest seals. */
  readonly fieldKeys: ReadonlyMap<number, FieldKeySetting>
  /** Opens wrapped field keys at the start; null: none is set up. */
  readonly tencentKms: { readonly keyId: string; readonly region: string; readonly endpoint: string; readonly secretId: string; readonly secretKey: string } | null
  readonly indexKey: Buffer
  /** Chains and signs the audit; null: derived from the index key. */
  readonly auditKey: Buffer | null
  /** Folder heads of the audit chain are copied to, outside the database; null: only the log has them. */
  readonly auditHeadDir: string | null
  /** How long the audit is kept, months; six at least. */
  readonly auditRetentionMonths: number
  /** Role the connections of daily work take; null: that of the address. */
  readonly databaseRole: string | null
  readonly integrationApiKey: string
  /** Where this deployment keeps its data; `cn-mainland` unless a legal review allowed another place (R64). */
  readonly deploymentRegion: string
  /** Every host the server may call. */
  readonly egressTargets: readonly EgressTarget[]
  /** Folder of the list of erased persons, out of the reach of database backups; null outside of production only: nothing is remembered. */
  readonly erasureListDir: string | null
  /** Bearer token of `/metrics`, which is not served without it. */
  readonly metricsToken: string | null
  /** Listener of its own for `/metrics`; null: the web listener answers. */
  readonly metricsPort: number | null
  readonly trustedProxyHops: number
  readonly logLevel: string
  readonly brandName: string
  /** Keeps how far the time was moved while the product is tried out; null: the time is the real one. */
  readonly trialClockFile: string | null
  /** Hosts a tracked document link may lead to, and hosts below them. */
  readonly documentHosts: ReadonlySet<string>
  /** Folder of the built sidebar. */
  readonly sidebarDist: string
}

/** Settings that stop the server, one readable line each. */
export class EnvError extends Error {
  readonly lines: readonly string[]
  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'EnvError'
    this.lines = lines
  }
}

const realBases = {
  WECOM_API_BASE: 'https://qyapi.weixin.qq.com',
  WECOM_OPEN_BASE: 'https://open.weixin.qq.com',
  WECHAT_API_BASE: 'https://api.weixin.qq.com',
} as const

const text = (message: string) => v.pipe(v.string(message), v.trim(), v.minLength(1, message))
const key32 = (name: string) =>
  v.pipe(
    v.string(`${name} is missing: set 32 random bytes in base64, e.g. from "openssl rand -base64 32"`),
    v.check((value) => Buffer.from(value, 'base64').length === 32, `${name} must be 32 bytes in base64, e.g. from "openssl rand -base64 32"`),
    v.transform((value) => Buffer.from(value, 'base64')),
  )
const required = (name: string) => text(`${name} is missing`)
const port = v.pipe(v.string(), v.regex(/^\d{1,5}$/, 'PORT must be a number from 1 to 65535'), v.transform(Number), v.maxValue(65535, 'PORT must be a number from 1 to 65535'))
const base = (fallback: string) => v.optional(v.pipe(v.string(), v.url(`a vendor base must be an address like ${fallback}`)), fallback)

const auditRetentionWords = 'AUDIT_RETENTION_MONTHS must be a number from 6 up: the law asks for six months at least'

const hostList = (name: string, example: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform(readHostList),
      v.check((hosts) => hosts !== null, `${name} must be a list like ${example}`),
      v.transform((hosts): ReadonlyMap<string, string> => hosts ?? new Map()),
    ),
    '',
  )

const schema = v.object({
  NODE_ENV: v.optional(v.picklist(['development', 'production', 'test'], 'NODE_ENV must be development, production or test'), 'development'),
  PORT: v.optional(port),
  HOST: v.optional(v.string()),
  PUBLIC_URL: v.pipe(required('PUBLIC_URL'), v.url('PUBLIC_URL must be a full address such as https://member.example.com')),
  DATABASE_URL: v.pipe(required('DATABASE_URL'), v.regex(/^postgres(ql)?:\/\//, 'DATABASE_URL must start with postgres://')),
  PROCESS_ROLE: v.optional(v.picklist(['web', 'worker', 'both'], 'PROCESS_ROLE must be web, worker or both'), 'both'),
  WECOM_CORP_ID: required('WECOM_CORP_ID'),
  WECOM_AGENT_ID: required('WECOM_AGENT_ID'),
  WECOM_AGENT_SECRET: required('WECOM_AGENT_SECRET'),
  WECOM_CALLBACK_TOKEN: v.pipe(required('WECOM_CALLBACK_TOKEN'), v.regex(/^[0-9A-Za-z]{3,32}$/, 'WECOM_CALLBACK_TOKEN must be 3 to 32 letters and digits')),
  WECOM_CALLBACK_AES_KEY: v.pipe(required('WECOM_CALLBACK_AES_KEY'), v.regex(/^[0-9A-Za-z]{43}$/, 'WECOM_CALLBACK_AES_KEY must be exactly 43 letters and digits')),
  WECOM_API_BASE: base(realBases.WECOM_API_BASE),
  WECOM_OPEN_BASE: base(realBases.WECOM_OPEN_BASE),
  WECHAT_MP_APPID: required('WECHAT_MP_APPID'),
  WECHAT_MP_SECRET: required('WECHAT_MP_SECRET'),
  WECHAT_OA_APPID: v.optional(v.string(), ''),
  WECHAT_OA_SECRET: v.optional(v.string(), ''),
  WECHAT_API_BASE: base(realBases.WECHAT_API_BASE),
  WECHAT_MP_ORIGINAL_ID: v.optional(v.pipe(v.string(), v.regex(/^gh_[0-9a-zA-Z]{1,32}$/, 'WECHAT_MP_ORIGINAL_ID must look like gh_0123456789ab'))),
  WECHAT_RISK_RANK: v.optional(v.picklist(['on', 'off'], 'WECHAT_RISK_RANK must be on or off'), 'off'),
  OPERATOR_STAFF_USER_IDS: v.optional(v.pipe(v.string(), v.transform((list) => list.split(',').map((id) => id.trim()).filter((id) => id !== ''))), ''),
  BREAK_GLASS_ROLES: v.optional(
    v.pipe(
      v.string(),
      v.transform((list) => list.split(',').map((role) => role.trim()).filter((role) => role !== '')),
      v.array(v.picklist(roles, `BREAK_GLASS_ROLES must be role names separated by commas: ${roles.join(', ')}`)),
    ),
    '',
  ),
  SMTP_URL: v.optional(v.pipe(v.string(), v.regex(/^smtps?:\/\//, 'SMTP_URL must start with smtp:// or smtps://'))),
  MAIL_FROM: v.optional(v.pipe(v.string(), v.email('MAIL_FROM must be an e-mail address'))),
  SMS_API_URL: v.optional(v.pipe(v.string(), v.url('SMS_API_URL must be a full address'))),
  SMS_API_KEY: v.optional(v.pipe(v.string(), v.minLength(16, 'SMS_API_KEY must have at least 16 characters'))),
  WECHAT_OPEN_PLATFORM_ID: v.optional(v.string(), 'open-platform'),
  SECURITY_FIELD_KEY: v.optional(key32('SECURITY_FIELD_KEY')),
  FIELD_KEYS: v.optional(v.string()),
  FIELD_KEYS_FILE: v.optional(v.string()),
  TENCENT_KMS_KEY_ID: v.optional(v.string()),
  TENCENT_KMS_REGION: v.optional(v.string(), 'ap-guangzhou'),
  TENCENT_KMS_ENDPOINT: v.optional(v.pipe(v.string(), v.url('TENCENT_KMS_ENDPOINT must be a full address')), 'https://kms.tencentcloudapi.com'),
  TENCENT_SECRET_ID: v.optional(v.string()),
  TENCENT_SECRET_KEY: v.optional(v.string()),
  AUDIT_KEY: v.optional(key32('AUDIT_KEY')),
  AUDIT_HEAD_DIR: v.optional(v.string()),
  AUDIT_RETENTION_MONTHS: v.optional(v.pipe(v.string(), v.regex(/^\d{1,3}$/, auditRetentionWords), v.transform(Number), v.minValue(6, auditRetentionWords)), '13'),
  DATABASE_APP_ROLE: v.optional(v.pipe(v.string(), v.regex(/^[a-z_][a-z0-9_]{0,62}$/, 'DATABASE_APP_ROLE must be a role name in small letters, or none')), 'qihui_app'),
  SECURITY_INDEX_KEY: key32('SECURITY_INDEX_KEY'),
  ERASURE_LIST_DIR: v.optional(v.string()),
  DEPLOYMENT_REGION: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{2,32}$/, 'DEPLOYMENT_REGION must be a name like cn-mainland')), mainland),
  EGRESS_REGIONS: hostList('EGRESS_REGIONS', 'sms.example.com=cn-mainland'),
  EGRESS_LEGAL_REVIEW: hostList('EGRESS_LEGAL_REVIEW', 'mail.example.com=LR-2026-07'),
  INTEGRATION_API_KEY: v.pipe(required('INTEGRATION_API_KEY'), v.minLength(32, 'INTEGRATION_API_KEY must have at least 32 characters')),
  METRICS_TOKEN: v.optional(v.pipe(v.string(), v.minLength(32, 'METRICS_TOKEN must have at least 32 characters, e.g. from "openssl rand -hex 24"'))),
  METRICS_PORT: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,4}$/, 'METRICS_PORT must be a number from 1 to 65535'), v.transform(Number), v.maxValue(65535, 'METRICS_PORT must be a number from 1 to 65535'))),
  TRUSTED_PROXY_HOPS: v.optional(v.pipe(v.string(), v.regex(/^\d$/, 'TRUSTED_PROXY_HOPS must be 0 to 9'), v.transform(Number)), '0'),
  LOG_LEVEL: v.optional(v.picklist(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'LOG_LEVEL must be trace, debug, info, warn, error or silent'), 'info'),
  BRAND_NAME: v.optional(v.pipe(v.string(), v.maxLength(20, 'BRAND_NAME may have at most 20 characters')), '企会'),
  TRIAL_CLOCK_FILE: v.optional(v.string()),
  DOCUMENT_HOSTS: v.optional(
    v.pipe(
      v.string(),
      v.transform((list) => list.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== '')),
      v.everyItem((host) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host), 'DOCUMENT_HOSTS must be host names separated by commas, e.g. mp.weixin.qq.com,docs.example.com'),
    ),
    'mp.weixin.qq.com',
  ),
  SIDEBAR_DIST: v.optional(v.string(), path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../h5-sidebar/dist')),
})
type Settings = v.InferOutput<typeof schema>

function targetsOf(settings: Settings): EgressTarget[] {
  const { WECOM_API_BASE, WECOM_OPEN_BASE, WECHAT_API_BASE, SMTP_URL = null, SMS_API_URL = null, TENCENT_KMS_KEY_ID, TENCENT_KMS_ENDPOINT } = settings
  const keyService = TENCENT_KMS_KEY_ID === undefined ? null : TENCENT_KMS_ENDPOINT
  return egressTargets({ WECOM_API_BASE, WECOM_OPEN_BASE, WECHAT_API_BASE, SMTP_URL, SMS_API_URL, TENCENT_KMS_ENDPOINT: keyService }, settings.PUBLIC_URL, settings.EGRESS_REGIONS, settings.EGRESS_LEGAL_REVIEW)
}

/** Few distinct characters mean a keyboard pattern or an example, not chance. */
function isWeak(secret: string): boolean {
  return new Set(secret).size < 10 || /example|changeme|secret|password|sandbox/i.test(secret)
}

/** Settings that mean something only together. */
function halfSet(settings: Settings): string[] {
  const openMetrics = settings.METRICS_PORT !== undefined && settings.METRICS_TOKEN === undefined ? ['METRICS_PORT needs METRICS_TOKEN: figures are not public'] : []
  const pairs = [
    ['SMTP_URL', 'MAIL_FROM'],
    ['SMS_API_URL', 'SMS_API_KEY'],
    ['TENCENT_KMS_KEY_ID', 'TENCENT_SECRET_ID'],
    ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'],
  ] as const
  return [...openMetrics, ...pairs.filter(([one, other]) => (settings[one] === undefined) !== (settings[other] === undefined)).map(([one, other]) => `${one} and ${other} must be set together or not at all`)]
}

/** The key versions from the settings or from a file that only the server may read. */
function readFieldKeys(settings: Settings): ReturnType<typeof parseFieldKeys> {
  const problems: string[] = []
  let text = settings.FIELD_KEYS ?? ''
  if (settings.FIELD_KEYS_FILE !== undefined) {
    if (text !== '') problems.push('FIELD_KEYS and FIELD_KEYS_FILE: set only one of them')
    try {
      text = readFileSync(settings.FIELD_KEYS_FILE, 'utf8')
    } catch {
      problems.push('FIELD_KEYS_FILE cannot be read')
    }
  }
  const parsed = parseFieldKeys(text, settings.SECURITY_FIELD_KEY ?? null)
  const isServiceMissing = settings.TENCENT_KMS_KEY_ID === undefined && [...parsed.keys.values()].some(({ isWrapped }) => isWrapped)
  if (isServiceMissing) problems.push('FIELD_KEYS holds a key that is wrapped by the key service: set TENCENT_KMS_KEY_ID, TENCENT_SECRET_ID and TENCENT_SECRET_KEY')
  return { keys: parsed.keys, problems: problems.length > 0 ? problems : parsed.problems }
}

function productionProblems(settings: Settings, fieldKeys: Env['fieldKeys']): string[] {
  const weak = (['WECOM_AGENT_SECRET', 'WECHAT_MP_SECRET', 'INTEGRATION_API_KEY'] as const)
    .filter((name) => isWeak(settings[name]))
    .map((name) => `${name} is too weak for production: use the real, random value`)
  if (settings.METRICS_TOKEN !== undefined && isWeak(settings.METRICS_TOKEN)) weak.push('METRICS_TOKEN is too weak for production: use a random value')
  const foreign = (Object.keys(realBases) as (keyof typeof realBases)[])
    .filter((name) => settings[name] !== realBases[name])
    .map((name) => `${name} must be ${realBases[name]} in production: the sandbox is for trials only`)
  const plainKeys = [...fieldKeys.values()].filter(({ isWrapped }) => !isWrapped).map(({ bytes }) => bytes)
  const keys = [...plainKeys, settings.SECURITY_INDEX_KEY]
  const flatKeys = keys.some((key) => new Set(key).size < 16) ? ['SECURITY_FIELD_KEY and SECURITY_INDEX_KEY must be random bytes, e.g. from "openssl rand -base64 32"'] : []
  const sameKeys = plainKeys.some((key) => key.equals(settings.SECURITY_INDEX_KEY)) ? ['SECURITY_FIELD_KEY and SECURITY_INDEX_KEY must differ'] : []
  const openSms = settings.SMS_API_URL === undefined || settings.SMS_API_URL.startsWith('https://') ? [] : ['SMS_API_URL must start with https:// in production']
  const moved = settings.TRIAL_CLOCK_FILE === undefined ? [] : ['TRIAL_CLOCK_FILE must not be set in production: time moves by itself there']
  const plain = settings.PUBLIC_URL.startsWith('https://') ? [] : ['PUBLIC_URL must start with https:// in production']
  const abroad = settings.DEPLOYMENT_REGION === mainland || settings.EGRESS_LEGAL_REVIEW.has('deployment') ? [] : ['DEPLOYMENT_REGION is outside the mainland: record its legal review, EGRESS_LEGAL_REVIEW=deployment=<review id>']
  const noProxy = settings.TRUSTED_PROXY_HOPS > 0 ? [] : ['TRUSTED_PROXY_HOPS must be 1 or more in production: HTTPS ends at a proxy, which says so in X-Forwarded-Proto']
  const noList = settings.ERASURE_LIST_DIR === undefined ? ['ERASURE_LIST_DIR is missing: name a folder outside of the database backups, or a restored backup brings erased persons back'] : []
  return [...weak, ...foreign, ...flatKeys, ...sameKeys, ...openSms, ...moved, ...plain, ...noProxy, ...noList, ...abroad]
}

function kmsOf(settings: Settings): Env['tencentKms'] {
  const { TENCENT_KMS_KEY_ID: keyId, TENCENT_KMS_REGION: region, TENCENT_KMS_ENDPOINT: endpoint, TENCENT_SECRET_ID: secretId, TENCENT_SECRET_KEY: secretKey } = settings
  return keyId === undefined || secretId === undefined || secretKey === undefined ? null : { keyId, region, endpoint, secretId, secretKey }
}

/** Reads and checks the settings. @throws EnvError with one line per missing, malformed or (in production) weak setting. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = v.safeParse(schema, filled)
  if (!parsed.success) {
    const hasFieldKey = ['SECURITY_FIELD_KEY', 'FIELD_KEYS', 'FIELD_KEYS_FILE'].some((name) => filled[name] !== undefined)
    const missingKey = hasFieldKey ? [] : parseFieldKeys('', null).problems
    throw new EnvError([...missingKey, ...parsed.issues.map((issue) => (issue.received === 'undefined' ? `${v.getDotPath(issue) ?? ''} is missing` : issue.message))])
  }
  const settings = parsed.output
  const isProduction = settings.NODE_ENV === 'production'
  const fieldKeys = readFieldKeys(settings)
  const problems = [...fieldKeys.problems, ...halfSet(settings), ...(isProduction ? productionProblems(settings, fieldKeys.keys) : [])]
  // Asked last: an address that is wrong in itself has been named already.
  if (problems.length === 0 && isProduction) problems.push(...egressProblems(targetsOf(settings)))
  if (problems.length > 0) throw new EnvError(problems)
  return {
    mode: settings.NODE_ENV,
    port: settings.PORT ?? (isProduction ? 8080 : 3001),
    host: settings.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL,
    role: settings.PROCESS_ROLE,
    wecom: {
      corpId: settings.WECOM_CORP_ID,
      agentId: settings.WECOM_AGENT_ID,
      agentSecret: settings.WECOM_AGENT_SECRET,
      callbackToken: settings.WECOM_CALLBACK_TOKEN,
      callbackAesKey: settings.WECOM_CALLBACK_AES_KEY,
      apiBase: settings.WECOM_API_BASE,
      openBase: settings.WECOM_OPEN_BASE,
    },
    wechat: {
      mpAppId: settings.WECHAT_MP_APPID,
      mpSecret: settings.WECHAT_MP_SECRET,
      oaAppId: settings.WECHAT_OA_APPID,
      oaSecret: settings.WECHAT_OA_SECRET,
      apiBase: settings.WECHAT_API_BASE,
      openPlatformId: settings.WECHAT_OPEN_PLATFORM_ID,
      mpOriginalId: settings.WECHAT_MP_ORIGINAL_ID ?? null,
      isRiskRankOn: settings.WECHAT_RISK_RANK === 'on',
    },
    operators: new Set(settings.OPERATOR_STAFF_USER_IDS),
    breakGlassRoles: new Set(settings.BREAK_GLASS_ROLES),
    smtpUrl: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? null,
    smsApiUrl: settings.SMS_API_URL ?? null,
    smsApiKey: settings.SMS_API_KEY ?? null,
    fieldKeys: fieldKeys.keys,
    tencentKms: kmsOf(settings),
    indexKey: settings.SECURITY_INDEX_KEY,
    auditKey: settings.AUDIT_KEY ?? null,
    auditHeadDir: settings.AUDIT_HEAD_DIR ?? null,
    auditRetentionMonths: settings.AUDIT_RETENTION_MONTHS,
    databaseRole: settings.DATABASE_APP_ROLE === 'none' ? null : settings.DATABASE_APP_ROLE,
    integrationApiKey: settings.INTEGRATION_API_KEY,
    deploymentRegion: settings.DEPLOYMENT_REGION,
    egressTargets: targetsOf(settings),
    erasureListDir: settings.ERASURE_LIST_DIR ?? null,
    metricsToken: settings.METRICS_TOKEN ?? null,
    metricsPort: settings.METRICS_PORT ?? null,
    trustedProxyHops: settings.TRUSTED_PROXY_HOPS,
    logLevel: settings.LOG_LEVEL,
    brandName: settings.BRAND_NAME,
    trialClockFile: settings.TRIAL_CLOCK_FILE ?? null,
    documentHosts: new Set(settings.DOCUMENT_HOSTS),
    sidebarDist: settings.SIDEBAR_DIST,
  }
}
