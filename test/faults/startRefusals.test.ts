import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres } from '../../tools/postgres.mjs'
import { freePorts } from '../factories/freePorts.ts'
import { newKeys, nowhere, processSettings, startProcess } from './harness/productProcess.ts'

/** A start that is refused takes as long as Node takes to load it, or the database to be missed; on a busy machine a few times that. */
const refusedWithinMs = 60_000
/** The lock migrations wait for (server/src/db/migrate.ts). */
const migrationLock = 7_240_521

const keys = newKeys()
const password = randomBytes(12).toString('hex')
let folder: string
let postgres: Awaited<ReturnType<typeof startPostgres>>
/** Takes connections and says nothing. */
let silent: Server

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qihui-start-'))
  postgres = await startPostgres({ dataDir: path.join(folder, 'cluster'), settings: { fsync: 'off' } })
  silent = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
}, 120_000)
afterAll(async () => {
  silent.close()
  await postgres.stop({ isForced: true })
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const settings = (more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  processSettings({ databaseUrl: postgres.url, publicUrl: 'http://localhost:3000', bases: nowhere, keys }, more)

/** Starts with these settings. @returns how it ended and what it said */
async function refusalOf(env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const started = startProcess(env)
  const timer = setTimeout(() => void started.kill(), refusedWithinMs)
  const { code } = await started.ended
  clearTimeout(timer)
  return { code, lines: started.output().trim().split('\n') }
}

const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://member.example.com', TRUSTED_PROXY_HOPS: '1', ERASURE_LIST_DIR: '/tmp' }
const realBases = { WECOM_API_BASE: '', WECOM_OPEN_BASE: '', WECHAT_API_BASE: '' }

describe('a start', () => {
  it.concurrent.each<[string, () => Record<string, string>, RegExp]>([
    ['without a secret', () => settings({ WECOM_AGENT_SECRET: '' }), /^WECOM_AGENT_SECRET is missing$/],
    ['with a short key', () => settings({ INTEGRATION_API_KEY: 'short' }), /^INTEGRATION_API_KEY must have at least 32 characters$/],
    ['with a key that is none', () => settings({ SECURITY_INDEX_KEY: 'bm90IDMyIGJ5dGVz' }), /^SECURITY_INDEX_KEY must be 32 bytes/],
    [
      'with a default secret in production',
      () => settings({ ...production, ...realBases, WECOM_AGENT_SECRET: randomBytes(24).toString('base64url'), WECHAT_MP_SECRET: 'secretsecretsecret' }),
      /^WECHAT_MP_SECRET is too weak for production/,
    ],
    ['without a database', () => settings({ DATABASE_URL: `postgres://qihui:${password}@localhost:9/qihui` }), /^The database at localhost:9 cannot be reached \(ECONNREFUSED\): check DATABASE_URL/],
    ['before a database that takes the call and says nothing', () => settings({ DATABASE_URL: `postgres://qihui:${password}@127.0.0.1:${(silent.address() as AddressInfo).port}/qihui` }), /^The database at 127\.0\.0\.1:\d+ cannot be reached/],
    ['with a wrong password', () => settings({ DATABASE_URL: postgres.url.replace(/:[^:@/]+@/, `:${password}@`) }), /^The database at 127\.0\.0\.1:\d+ refuses the user or the password of DATABASE_URL\.$/],
    ['before a database that is not there', () => settings({ DATABASE_URL: `${postgres.url}_of_others` }), /has no database called qihui_of_others/],
  ])('%s is refused with one clear line', async (_name, env, line) => {
    const { code, lines } = await refusalOf(env())
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
    expect(lines[0]).not.toContain(password)
    expect(code).toBe(1)
  }, refusedWithinMs * 2)

  it('is not ready until the schema is there, and refused with other keys afterwards', async () => {
    const port = await freePorts(1)
    const ready = `http://127.0.0.1:${port}/readyz`
    const holder = new pg.Client({ connectionString: postgres.url })
    await holder.connect()
    await holder.query('select pg_advisory_lock($1)', [migrationLock])
    const started = startProcess(settings({ PROCESS_ROLE: 'web', PORT: String(port) }))
    // It waits for its turn to bring the schema up: nobody may be sent there meanwhile.
    const waiting = async (): Promise<boolean> => (await holder.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 1
    while (!(await waiting()) && started.isAlive()) await new Promise((resolve) => setTimeout(resolve, 20))
    const early = await fetch(ready).then(({ status }) => status, () => null)
    await holder.query('select pg_advisory_unlock($1)', [migrationLock])
    await holder.end()
    await started.ready(ready)
    await started.kill()
    expect(early).not.toBe(200)

    const other = newKeys()
    const wrongIndex = await refusalOf(settings({ PORT: String(port), SECURITY_INDEX_KEY: other.index }))
    expect([wrongIndex.code, wrongIndex.lines.length, wrongIndex.lines[0]]).toEqual([1, 1, expect.stringMatching(/^SECURITY_INDEX_KEY is not the one this database was written with/)])
    const wrongField = await refusalOf(settings({ PORT: String(port), SECURITY_FIELD_KEY: other.field }))
    expect([wrongField.code, wrongField.lines.length, wrongField.lines[0]]).toEqual([1, 1, expect.stringMatching(/^The field key of version 1/)])
  }, 180_000)
})
