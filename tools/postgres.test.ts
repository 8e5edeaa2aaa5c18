/** The launcher of the embedded database, on the real binaries. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres } from './postgres.mjs'


async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

describe.each([18, 15] as const)('startPostgres with PostgreSQL %i', (major) => {
  let folder = ''
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'qihui-postgres-test-')))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs the wanted major on loopback with fsync on and keeps its port', async () => {
    const dataDir = join(folder, 'kept')
    const first = await startPostgres({ dataDir, major })
    const settings = `select current_setting('server_version_num')::int / 10000, current_setting('fsync'), current_setting('listen_addresses'), current_setting('unix_socket_directories')`
    expect(await ask(first.url, settings)).toEqual([major, 'on', '127.0.0.1', ''])
    await first.stop()
    const second = await startPostgres({ dataDir, major })
    expect({ port: second.port, isAttached: second.isAttached }).toEqual({ port: first.port, isAttached: false })
    await second.stop()
  })

  it('refuses a wrong password', async () => {
    const postgres = await startPostgres({ dataDir: join(folder, 'kept'), major })
    const url = new URL(postgres.url)
    url.password = 'guess'
    await expect(ask(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    await postgres.stop()
  })

  it('attaches to a cluster that already runs and leaves it running unless forced', async () => {
    const dataDir = join(folder, 'shared')
    const owner = await startPostgres({ dataDir, major })
    const guest = await startPostgres({ dataDir, major })
    expect({ port: guest.port, pid: guest.pid, isAttached: guest.isAttached }).toEqual({ port: owner.port, pid: owner.pid, isAttached: true })
    await guest.stop()
    expect(await ask(owner.url, 'select 1')).toEqual([1])
    await guest.stop({ isForced: true })
    await owner.exited
  })

  it('keeps what was committed when the postmaster is killed and starts again', async () => {
    const dataDir = join(folder, 'killed')
    const first = await startPostgres({ dataDir, major })
    await ask(first.url, 'create table promise as select 7 as kept')
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    const second = await startPostgres({ dataDir, major })
    expect(await ask(second.url, 'select kept from promise')).toEqual([7])
    await second.stop()
  })

  it('refuses a folder of the other major with a line that says what to do', async () => {
    await expect(startPostgres({ dataDir: join(folder, 'kept'), major: major === 18 ? 15 : 18 })).rejects.toThrow(/delete it or name another folder/)
  })
})
