/**
 * Starts the embedded PostgreSQL (native binaries from npm, nothing to install): one cluster per data folder, loopback only,
 * no unix socket, a random password, fsync on. A cluster that outlived its starter is found again and used.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { postgresBinaries, postgresUser, reachableDataDir } from './postgresBinaries.mjs'

/** @typedef {import('./postgresBinaries.mjs').RunAs} RunAs */
/** @typedef {import('./postgresBinaries.mjs').PostgresMajor} PostgresMajor */

/**
 * @typedef {object} PostgresOptions
 * @property {string} dataDir folder of the cluster; made when missing
 * @property {PostgresMajor} [major] 18 (default) or 15, the floor of our SQL
 * @property {Record<string, string>} [settings] server settings that win over the defaults, e.g. `{ fsync: 'off' }` for throw-away tests
 * @property {string} [logFile] default `<dataDir>.log`
 */

/**
 * @typedef {object} Postgres
 * @property {string} url superuser address of the database `qihui`; holds the password: never print it
 * @property {number} port
 * @property {number} pid of the postmaster
 * @property {boolean} isAttached true when the cluster was already running
 * @property {Promise<void>} exited resolves when the cluster is gone, for whatever reason
 * @property {(options?: { isForced?: boolean }) => Promise<void>} stop fast shutdown; an attached cluster keeps running unless forced
 */

const USER = 'qihui'
const DATABASE = 'qihui'
const CONNECTION_FILE = 'qihui.connection.json'
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_S = 60
const POLL_MS = 20

/** Statements and key values of failed writes are personal data: neither goes to the log. */
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  max_connections: '100',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/**
 * @param {PostgresOptions} options
 * @returns {Promise<Postgres>}
 * @throws with the end of the database's log when it does not come up in a minute
 */
export async function startPostgres({ dataDir, major = 18, settings = {}, logFile }) {
  const runAs = postgresUser()
  const native = postgresBinaries(major, runAs)
  const wanted = resolve(dataDir)
  const key = `${basename(wanted)}-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`
  const folder = reachableDataDir(wanted, runAs, key)
  const cluster = { native, runAs, folder, logFile: resolve(logFile ?? `${wanted}.log`) }
  if (!existsSync(join(folder, 'PG_VERSION'))) initialise(cluster, settings)
  const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  if (found !== String(major)) throw new Error(`${wanted} holds PostgreSQL ${found} data, not ${major}: delete it or name another folder`)

  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const running = await runningPostmaster(folder, deadline)
    if (running) return handle(cluster, running, true)
    const started = await launch(cluster, settings, deadline)
    if (started) return handle(cluster, started, false)
    // It lost the race against another starter, or the children of a killed one still hold its memory: look again.
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${lastLines(cluster.logFile)}`)
    await delay(POLL_MS * 10)
  }
}

/**
 * @typedef {{ native: string, runAs: RunAs, folder: string, logFile: string }} Cluster
 * @typedef {{ pid: number, port: number, exited: Promise<void> }} Postmaster
 */

/**
 * Fills a folder beside the final one and moves it, so a start that was killed half-way leaves no half cluster behind.
 * @param {Cluster} cluster
 * @param {Record<string, string>} settings
 */
function initialise({ native, runAs, folder }, settings) {
  const draft = `${folder}.init-${process.pid}`
  const passwordFile = `${draft}.password`
  const password = randomBytes(24).toString('base64url')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [draft, passwordFile]) if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(path, runAs.uid, runAs.gid)
  try {
    const sync = settings.fsync === 'off' ? ['--no-sync'] : []
    const access = ['-U', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
    run(join(native, 'bin', 'initdb'), ['-D', draft, ...access, ...sync], runAs)
    run(join(native, 'bin', 'postgres'), ['--single', '-D', draft, 'postgres'], runAs, `CREATE DATABASE ${DATABASE};\n`)
    writeFileSync(join(draft, CONNECTION_FILE), JSON.stringify({ port: 0, password }), { mode: 0o600 })
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(join(folder, 'PG_VERSION'))) throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {RunAs} runAs
 * @param {string} [input]
 */
function run(program, args, runAs, input) {
  const { status, error, stderr } = spawnSync(program, args, { ...runAs, cwd: '/', encoding: 'utf8', ...(input ? { input } : {}) })
  if (status !== 0) throw new Error(`${basename(program)} failed: ${error?.message ?? stderr.trim()}`)
}

/**
 * The postmaster that owns the folder, once it takes connections; null when none lives.
 * @param {string} folder
 * @param {number} deadline
 * @returns {Promise<Postmaster | null>}
 */
async function runningPostmaster(folder, deadline) {
  while (Date.now() < deadline) {
    const lock = readLock(folder)
    if (!lock || !isAlive(lock.pid)) return null
    if (!isPostmaster(lock.pid)) {
      // The number was given to another program after a crash: PostgreSQL itself would take the lock for a live one.
      rmSync(join(folder, 'postmaster.pid'), { force: true })
      return null
    }
    if (lock.status === 'ready') return { pid: lock.pid, port: lock.port, exited: whenGone(lock.pid) }
    await delay(POLL_MS)
  }
  throw new Error(`The PostgreSQL of ${folder} is alive but takes no connections`)
}

/** @param {string} folder */
function readLock(folder) {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n').map((line) => line.trim())
    return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7] ?? '' }
  } catch {
    return null
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {number} pid */
function isPostmaster(pid) {
  if (process.platform === 'win32') return true
  // Small Linux images have no `ps`.
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  return spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout.includes('postgres')
}

/** @param {number} pid */
function whenGone(pid) {
  return /** @type {Promise<void>} */ (
    new Promise((done) => {
      const timer = setInterval(() => {
        if (isAlive(pid)) return
        clearInterval(timer)
        done()
      }, 500).unref()
    })
  )
}

/**
 * @param {Cluster} cluster
 * @param {Record<string, string>} settings
 * @param {number} deadline
 * @returns {Promise<Postmaster | null>} null when it ended before it took connections
 */
async function launch({ native, runAs, folder, logFile }, settings, deadline) {
  const connectionFile = join(folder, CONNECTION_FILE)
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8'))
  const port = await freePort(connection.port)
  if (port !== connection.port) writeFileSync(connectionFile, JSON.stringify({ ...connection, port }), { mode: 0o600 })
  const flags = Object.entries({ ...DEFAULT_SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(logFile, 'a', 0o600)
  // Its own process group: Ctrl-C in the terminal must reach the server first, the database last.
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', folder, '-p', String(port), ...flags], {
    ...runAs,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let hasExited = false
  const exited = /** @type {Promise<void>} */ (
    new Promise((done) => {
      const end = () => {
        hasExited = true
        done()
      }
      child.once('exit', end)
      child.once('error', end)
    })
  )
  child.unref()
  while (!hasExited && Date.now() < deadline) {
    const lock = readLock(folder)
    if (lock && lock.pid === child.pid && lock.status === 'ready') return { pid: lock.pid, port: lock.port, exited }
    await delay(POLL_MS)
  }
  return null
}

/**
 * @param {number} preferred
 * @returns {Promise<number>}
 */
async function freePort(preferred) {
  if (preferred !== 0 && (await listenOnce(preferred)) !== null) return preferred
  const port = await listenOnce(0)
  if (port === null) throw new Error('No free port on 127.0.0.1')
  return port
}

/**
 * @param {number} port
 * @returns {Promise<number | null>} null when the port is taken
 */
function listenOnce(port) {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(null))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : null))
    })
  })
}

/**
 * @param {Cluster} cluster
 * @param {Postmaster} postmaster
 * @param {boolean} isAttached
 * @returns {Postgres}
 */
function handle({ native, runAs, folder }, { pid, port, exited }, isAttached) {
  const { password } = JSON.parse(readFileSync(join(folder, CONNECTION_FILE), 'utf8'))
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    port,
    pid,
    isAttached,
    exited,
    async stop({ isForced = false } = {}) {
      if ((isAttached && !isForced) || !isAlive(pid)) return
      const stopper = spawn(join(native, 'bin', 'pg_ctl'), ['-D', folder, 'stop', '-m', 'fast', '-w', '-t', String(STOP_TIMEOUT_S)], {
        ...runAs,
        cwd: '/',
        stdio: 'ignore',
        detached: true,
      })
      const status = await new Promise((done) => stopper.once('exit', done).once('error', () => done(1)))
      if (status !== 0 && isAlive(pid)) throw new Error(`PostgreSQL (pid ${pid}) did not stop in ${STOP_TIMEOUT_S} s`)
    },
  }
}

/** @param {string} file */
function lastLines(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : ''
}
