import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../../tools/postgres.mjs'
import { freePorts } from '../../factories/freePorts.ts'
import { startSandbox } from '../../sandbox/startSandbox.ts'
import { newKeys, processSettings, startProcess, type DeploymentKeys, type Ending, type ProductProcess } from './productProcess.ts'
import { startTcpFront, type TcpFront } from './tcpFront.ts'

export type Role = 'web' | 'worker'

/** One place of the deployment: whatever process holds it now. */
export interface Place {
  readonly role: Role
  /** Where it listens; a worker does not. */
  readonly port: number
  readonly process: ProductProcess
}

/** A deployment of real processes on one database and one sandbox: killed, restarted, looked at. */
export interface Fleet {
  readonly sandbox: Awaited<ReturnType<typeof startSandbox>>
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>
  readonly places: readonly Place[]
  readonly keys: DeploymentKeys
  /** Balances over the web places; what a load balancer would be. */
  readonly front: TcpFront
  /** Between the processes and the database: may go dead. */
  readonly line: TcpFront
  ask<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Starts a new process in the place of the one that ended; does not wait until it is ready. */
  restart(place: Place): void
  /** An orderly end: the balancer sends nobody there any more, the process gets its `SIGTERM`. @returns how it ended, and after how long */
  retire(place: Place): Promise<Ending & { readonly ms: number }>
  /** Until every place serves; a worker serves once its queue is open. */
  ready(): Promise<void>
  close(): Promise<void>
}

export interface FleetOptions {
  readonly webs?: number
  readonly workers?: number
  readonly peopleCount?: number
  /** The processes reach the database over `line`. */
  readonly hasLine?: boolean
  /** Environment of the processes that differs. */
  readonly settings?: Readonly<Record<string, string>>
}

interface OwnPlace extends Place {
  process: ProductProcess
  isLeaving: boolean
}

const workerReadyMs = 60_000

async function workerReady(process: ProductProcess): Promise<void> {
  const deadline = Date.now() + workerReadyMs
  while (!process.output().includes('qihui worker ready')) {
    if (!process.isAlive() || Date.now() > deadline) throw new Error(`a worker did not start:\n${process.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts database and sandbox, then every process at once on the empty database: nobody waits for the first one's schema. */
export async function openFleet({ webs = 2, workers = 2, peopleCount, hasLine = false, settings = {} }: FleetOptions = {}): Promise<Fleet> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qihui-fleet-'))
  const keys = newKeys()
  const postgres = await startPostgres({ dataDir: path.join(folder, 'cluster'), settings: { fsync: 'off', max_connections: '200' } })
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 })
  // The database is stopped while connections rest here.
  pool.on('error', () => undefined)
  const line = await startTcpFront(() => [postgres.port])
  const databaseUrl = hasLine ? postgres.url.replace(`:${postgres.port}/`, `:${line.port}/`) : postgres.url
  const places: OwnPlace[] = []
  const front = await startTcpFront(() => places.filter(({ role, process, isLeaving }) => role === 'web' && process.isAlive() && !isLeaving).map(({ port }) => port))
  const sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${front.port}`, ...(peopleCount === undefined ? {} : { peopleCount }) })
  const start = (role: Role, port: number): ProductProcess => {
    const surroundings = { databaseUrl, publicUrl: sandbox.url, bases: sandbox.bases, keys }
    return startProcess(processSettings(surroundings, { PROCESS_ROLE: role, PORT: String(port), NODE_ENV: 'test', TRUSTED_PROXY_HOPS: '1', ...settings }))
  }
  for (let index = 0; index < webs + workers; index += 1) {
    const role = index < webs ? 'web' : 'worker'
    const port = role === 'web' ? await freePorts(1) : 0
    places.push({ role, port, process: start(role, port), isLeaving: false })
  }
  const isReady = ({ role, port, process }: Place): Promise<void> => (role === 'web' ? process.ready(`http://127.0.0.1:${port}/readyz`) : workerReady(process))
  return {
    sandbox,
    postgres,
    places,
    keys,
    front,
    line,
    async ask<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(text, [...values])).rows
    },
    restart(place) {
      const own = places.find((each) => each === place)
      if (own === undefined) return
      own.process = start(own.role, own.port)
      own.isLeaving = false
    },
    async retire(place) {
      const own = places.find((each) => each === place)
      if (own !== undefined) own.isLeaving = true
      const started = performance.now()
      return { ...(await place.process.terminate()), ms: performance.now() - started }
    },
    ready: async () => void (await Promise.all(places.map(isReady))),
    async close() {
      for (const { process } of places) await process.kill()
      await sandbox.close()
      await front.close()
      await line.close()
      await pool.end()
      await postgres.stop({ isForced: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
