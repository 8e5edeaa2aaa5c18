import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import pg from 'pg'
import { policies } from '@qihui/shared/consent'
import { firstForm } from '@qihui/shared/form'
import { readEnv, type Env } from '@qihui/server/src/env.ts'
import { createServices } from '@qihui/server/src/createServices.ts'
import { migrate } from '@qihui/server/src/db/migrate.ts'
import { publishPolicies } from '@qihui/server/src/modules/consent/commands.ts'
import { publishForms } from '@qihui/server/src/modules/form/commands.ts'
import { miniProgramNamespace } from '@qihui/server/src/modules/identity/namespaces.ts'
import type { Services } from '@qihui/server/src/services.ts'
import type { Cluster } from './clusters.ts'
import { sqlUuid } from './ceilingScript.ts'
import { CLIENT_STRIDE } from './runCeiling.ts'

/** `npm run bench` runs in the root of the checkout. */
const MIGRATIONS = resolve('server/migrations')
export const PUBLIC_URL = 'http://localhost:3000'
export const STAFF_USER_ID = 'rep.li'
export const CHANNEL_TOKEN = 'abcdefghijklmnopqrstuv'
export const STAFF_TOKEN = 'bench-staff-session-token-0000000000000000000'
export const POLICY_VERSION = policies[0].version
export const FORM_VERSION = firstForm.version
const OPEN_ID_PREFIX = 'open-bench-0000000000000-'
const SESSION_TOKEN_PREFIX = 'bench-member-session-token-0000000000000000-'

/** Identity of the visitor with a number of the script. */
export const visitorOf = (number: number) => ({
  openId: `${OPEN_ID_PREFIX}${number}`,
  unionId: `union-bench-00000000000000-${number}`,
  sessionToken: `${SESSION_TOKEN_PREFIX}${number}`,
})
export const sqlOpenId = `'${OPEN_ID_PREFIX}' || :n::bigint`
export const sqlUnionId = `'union-bench-00000000000000-' || :n::bigint`

/** Kind of the ids of prepared consents, see `sqlUuid`. */
export const CONSENT_KIND = 9

/** A database of its own on a cluster, migrated, with the product's services on it. */
export interface BenchDatabase {
  readonly cluster: Cluster
  readonly settings: Readonly<Record<string, string>>
  readonly services: Services
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
  close(): Promise<void>
}

/** The settings of a bench server; its keys are new each time. */
export function benchSettings(databaseUrl: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'test',
    PUBLIC_URL,
    DATABASE_URL: databaseUrl,
    WECOM_CORP_ID: 'ww5a1d0c3f7e9b2468',
    WECOM_AGENT_ID: '1000002',
    WECOM_AGENT_SECRET: 'bench-agent-secret',
    WECOM_CALLBACK_TOKEN: 'BenchCallbackToken01',
    WECOM_CALLBACK_AES_KEY: 'q7Xn2mVb9Lk4Ts8Rw1Yc6Hd3Jf5Gp0ZaEuIoQxNvBtM',
    WECHAT_MP_APPID: 'wx5a1d0c3f7e9b2468',
    WECHAT_MP_SECRET: 'bench-mp-secret',
    SECURITY_FIELD_KEY: randomBytes(32).toString('base64'),
    SECURITY_INDEX_KEY: randomBytes(32).toString('base64'),
    INTEGRATION_API_KEY: randomBytes(24).toString('hex'),
  }
}

/** @param cluster gets a fresh database; @returns the product on it */
export async function openBenchDatabase(cluster: Cluster): Promise<BenchDatabase> {
  const admin = new pg.Client({ connectionString: cluster.url })
  await admin.connect()
  await admin.query('drop database if exists bench with (force)')
  await admin.query('create database bench')
  await admin.end()
  const url = new URL(cluster.url)
  url.pathname = '/bench'
  const settings = benchSettings(url.href)
  const env: Env = readEnv(settings)
  await migrate(env.databaseUrl, MIGRATIONS)
  const services = createServices(env, { logTo: { write: () => {} } })
  await publishPolicies(services)
  await publishForms(services)
  const query = (text: string, values: unknown[] = []) => services.db.pool.query(text, values)
  return { cluster: { ...cluster, url: url.href }, settings, services, query, close: () => services.db.close() }
}

/** Empties every table that an operation writes, so that each round begins alike. */
export async function emptyTables({ query }: BenchDatabase): Promise<void> {
  await query(`truncate member, person, identifier, consent, growth_entry, touch, timeline_entry, outbox, idempotency_key, member_session,
    staff_session, staff, channel, external_contact, follow_user, corp_tag, corp_tag_group, callback_event, audit_entry,
    identity_edge, registration_draft, risk_counter, risk_decision, risk_alarm, risk_allowance, visit cascade`)
}

/** One rep with a session and one channel, booked for as many people as come: they all come from one address. */
export async function addStaffAndChannel({ query }: BenchDatabase): Promise<void> {
  await query(`insert into staff (staff_user_id, name, department_ids, is_visible, synced_at) values ($1, '李静', '{2}', true, now())`, [STAFF_USER_ID])
  await query(`insert into staff_session (token_hash, staff_user_id, created_at, expires_at) values (sha256($1::text::bytea), $2, now(), now() + interval '1 hour')`, [STAFF_TOKEN, STAFF_USER_ID])
  await query(
    `insert into channel (channel_id, token, kind, name, staff_user_id, state, created_at) values (gen_random_uuid(), $1, 'scan', '南山店', $2, 'ready', now())`,
    [CHANNEL_TOKEN, STAFF_USER_ID],
  )
  await query(`insert into risk_allowance (allowance_id, name, channel_id, max_per_ten_minutes, starts_at, ends_at, created_by)
    select gen_random_uuid(), 'bench', channel_id, 1000000, now() - interval '1 minute', now() + interval '1 day', $1 from channel`, [STAFF_USER_ID])
}

/** A session and a consent for every visitor that is going to register: numbers client * CLIENT_STRIDE + 1, 2, 3 … */
export async function addVisitors({ query, services }: BenchDatabase, clients: number, perClient: number): Promise<void> {
  const uuid = (kind: number) => sqlUuid('n', kind).replaceAll(':n::bigint', 'n')
  const numbers = `(select c::bigint * ${CLIENT_STRIDE} + i as n from generate_series(0, ${clients - 1}) c, generate_series(1, ${perClient}) i) numbers`
  const namespace = miniProgramNamespace(services.env)
  await query(`insert into consent (consent_id, namespace, open_id, purpose, policy_version, granted_at)
    select ${uuid(CONSENT_KIND)}, '${namespace}', '${OPEN_ID_PREFIX}' || n, 'membership', '${POLICY_VERSION}', now() from ${numbers}`)
  await query(`insert into member_session (token_hash, session_id, namespace, open_id, union_id, created_at, expires_at)
    select sha256(('${SESSION_TOKEN_PREFIX}' || n)::bytea), ${uuid(8)}, '${namespace}', '${OPEN_ID_PREFIX}' || n, 'union-bench-00000000000000-' || n, now(), now() + interval '1 hour' from ${numbers}`)
  await query('analyze consent, member_session, staff, channel')
}

/** Flushes what the preparation wrote, so that no round pays for another's. */
export async function settle({ query }: BenchDatabase): Promise<void> {
  await query('checkpoint')
}

/** @throws when a table does not hold what the round should have written: a rate of nothing is no rate */
export async function expectRows({ query }: BenchDatabase, table: string, expected: number): Promise<void> {
  const { rows } = await query(`select count(*)::int as count from ${table}`)
  const count: unknown = (rows as { count: number }[])[0]?.count
  if (count !== expected) throw new Error(`${table} holds ${String(count)} rows, not ${expected}: the run did not do its work`)
}
