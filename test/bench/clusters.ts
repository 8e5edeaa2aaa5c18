import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../tools/postgres.mjs'
import { postgresUser } from '../../tools/postgresBinaries.mjs'
import { freePorts } from '../factories/freePorts.ts'

/** A PostgreSQL of our own for one run, with the settings it comes with (fsync on). */
export interface Cluster {
  /** What it is, for the note of a result. */
  readonly label: string
  readonly url: string
  /** Its parent process; the backends are its children. */
  readonly postmasterPid: number
  stop(): Promise<void>
}

const running = new Set<Cluster>()

function remembered(cluster: Cluster): Cluster {
  const own: Cluster = {
    ...cluster,
    async stop() {
      running.delete(own)
      await cluster.stop()
    },
  }
  running.add(own)
  return own
}

/** Stops what is still up, for a run that is broken off. */
export async function stopClusters(): Promise<void> {
  for (const cluster of [...running]) await cluster.stop()
}

const DEBIAN_BIN = '/usr/lib/postgresql/15/bin'

/** pgbench of Debian's `postgresql` package, or null where it is not installed. */
export const pgbenchPath = existsSync(`${DEBIAN_BIN}/pgbench`) ? `${DEBIAN_BIN}/pgbench` : null

/** Debian's own PostgreSQL 15 in a temporary folder; null where it is not installed. */
export async function startDebianCluster(): Promise<Cluster | null> {
  if (!existsSync(`${DEBIAN_BIN}/initdb`)) return null
  const runAs = postgresUser()
  const folder = mkdtempSync(join(tmpdir(), 'qihui-bench-debian-'))
  chmodSync(folder, 0o711)
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(data, runAs.uid, runAs.gid)
  const run = (program: string, args: readonly string[]) => {
    const { status, stderr } = spawnSync(`${DEBIAN_BIN}/${program}`, args, { ...runAs, cwd: '/', encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
  }
  run('initdb', ['-D', data, '-U', 'qihui', '--auth=trust', '--encoding=UTF8', '--locale=C'])
  const port = await freePorts(1)
  const log = join(data, 'server.log')
  run('pg_ctl', ['-D', data, '-l', log, '-w', '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`, 'start'])
  return remembered({
    label: 'PostgreSQL 15 of Debian',
    url: `postgres://qihui@127.0.0.1:${port}/postgres`,
    postmasterPid: Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    async stop() {
      run('pg_ctl', ['-D', data, '-m', 'fast', '-w', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

/** The PostgreSQL that `npm start` uses. */
export async function startEmbeddedCluster(major: 15 | 18 = 18): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'qihui-bench-embedded-'))
  chmodSync(folder, 0o711)
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), major })
  return remembered({
    label: `embedded PostgreSQL ${major}`,
    url: postgres.url,
    postmasterPid: postgres.pid,
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}
