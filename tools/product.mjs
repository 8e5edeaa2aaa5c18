/** Brings the whole product up on this machine: database, server, sandbox; and down again in the right order. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from './command.mjs'
import { developmentEnv } from './developmentEnv.mjs'
import { checkPortsFree } from './ports.mjs'
import { startPostgres } from './postgres.mjs'
import { startService, waitForAnswer } from './service.mjs'
import { ROOT, UserError } from './workspace.mjs'

/**
 * @typedef {object} Product
 * @property {string} url the one address
 * @property {Promise<string>} failed resolves with a line when a part ends on its own
 * @property {() => Promise<void>} stop server (drains), sandbox, database
 */

const READY_TIMEOUT_MS = 60_000
const SERVER_STOP_MS = 20_000
const SANDBOX_STOP_MS = 5_000

/**
 * Ends what a killed launcher left behind and makes sure the ports can be had; worth knowing before a long build.
 * @param {{ port: number, dataDir: string }} options
 * @throws {UserError} when a port is taken or the product already runs on this data folder
 */
export async function makeRoom({ port, dataDir }) {
  await endLeftovers(recordOf(dataDir))
  await checkPortsFree(port)
}

/**
 * @param {{ port: number, dataDir: string, cancelled?: Promise<string> }} options `port` is the one address; the server takes
 *   `port + 1`, the sandbox's mail receiver `port + 2`. `cancelled` resolves with a line when the start is no longer wanted.
 * @returns {Promise<Product>}
 * @throws with what went wrong, after everything already started was stopped
 */
export async function startProduct({ port, dataDir, cancelled = new Promise(() => {}) }) {
  const record = recordOf(dataDir)
  mkdirSync(dataDir, { recursive: true })
  // Others may pass but not look: the database's user has its folder inside, and every file is for its owner alone.
  if (process.platform !== 'win32') chmodSync(dataDir, 0o711)
  const logs = join(dataDir, 'logs')
  /** @type {(() => Promise<void>)[]} in the order of stopping */
  const stops = []
  const stop = async () => {
    for (const part of stops.splice(0)) await part()
    rmSync(record, { force: true })
  }
  try {
    const database = await openDatabase(dataDir, logs)
    if (database) stops.unshift(() => database.stop({ isForced: true }))
    const env = developmentEnv({ dataDir, port, serverPort: port + 1, mailPort: port + 2, databaseUrl: database?.url ?? '' })
    const [server, sandbox] = startServices({ env, port, logs, stateFile: join(dataDir, 'sandbox.json') })
    stops.unshift(() => server.stop(), () => sandbox.stop())
    writeFileSync(record, JSON.stringify({ launcher: process.pid, services: [server.pid, sandbox.pid], port, databaseUrl: env.DATABASE_URL }), { mode: 0o600 })
    const ends = [server.ended, sandbox.ended, ...(database ? [database.exited.then(() => `The database ended; its log: ${logs}/postgres.log`)] : [])]
    const failed = Promise.race(ends)
    const waiting = { timeoutMs: READY_TIMEOUT_MS, abort: Promise.race([failed, cancelled]) }
    await waitForAnswer(`http://127.0.0.1:${port + 1}/readyz`, waiting)
    await runCommand(process.execPath, ['dist/seed.js'], {
      cwd: join(ROOT, 'server'),
      env,
      logFile: join(logs, 'seed.log'),
      failure: 'The demo data could not be written',
    })
    await waitForAnswer(`http://localhost:${port}/readyz`, waiting)
    return { url: `http://localhost:${port}`, failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param {string} dataDir */
function recordOf(dataDir) {
  return join(dataDir, 'running.json')
}

/**
 * @param {string} dataDir
 * @param {string} logs
 */
async function openDatabase(dataDir, logs) {
  if (process.env.DATABASE_URL) return null
  mkdirSync(logs, { recursive: true, mode: 0o711 })
  return startPostgres({ dataDir: join(dataDir, 'postgres-18'), logFile: join(logs, 'postgres.log') })
}

/**
 * @param {{ env: Record<string, string>, port: number, logs: string, stateFile: string }} options `stateFile`: the
 *   simulated world must outlive a restart, as the database does
 */
function startServices({ env, port, logs, stateFile }) {
  const server = startService({
    name: 'The server',
    args: ['--enable-source-maps', 'dist/main.js'],
    cwd: join(ROOT, 'server'),
    env,
    logFile: join(logs, 'server.log'),
    stopTimeoutMs: SERVER_STOP_MS,
  })
  const sandboxEnv = {
    SANDBOX_PORT: String(port),
    SANDBOX_SMTP_PORT: String(port + 2),
    SANDBOX_SERVER_URL: `http://127.0.0.1:${port + 1}`,
    SANDBOX_MINIPROGRAM_DIST: join(ROOT, 'miniprogram/dist'),
    SANDBOX_INTEGRATION_KEY: env.INTEGRATION_API_KEY ?? '',
    SANDBOX_STATE_FILE: stateFile,
    SANDBOX_CLOCK_FILE: env.TRIAL_CLOCK_FILE ?? '',
  }
  const sandbox = startService({
    name: 'The sandbox',
    args: ['--enable-source-maps', 'node_modules/.cache/sandbox/main.js'],
    cwd: join(ROOT, 'test'),
    env: { ...inherited(), ...sandboxEnv },
    logFile: join(logs, 'sandbox.log'),
    stopTimeoutMs: SANDBOX_STOP_MS,
  })
  return /** @type {const} */ ([server, sandbox])
}

/** The sandbox gets no setting of the server, only what a program needs to run. */
function inherited() {
  return Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'TZ'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  }))
}

/**
 * A launcher that was killed leaves its programs on their ports: end them, as Ctrl-C would have.
 * @param {string} record
 * @throws {UserError} when the launcher still lives
 */
async function endLeftovers(record) {
  if (!existsSync(record)) return
  /** @type {{ launcher: number, services: number[] }} */
  const { launcher, services } = JSON.parse(readFileSync(record, 'utf8'))
  if (isOurs(launcher, 'node')) throw new UserError(`Qihui already runs here (process ${launcher}): open its address, or stop it first`)
  const left = services.filter((pid) => isOurs(pid, 'main.'))
  for (const pid of left) process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + SERVER_STOP_MS
  while (left.some((pid) => isOurs(pid, 'main.'))) {
    if (Date.now() > deadline) for (const pid of left) if (isOurs(pid, 'main.')) process.kill(pid, 'SIGKILL')
    await delay(50)
  }
  rmSync(record, { force: true })
}

/**
 * Process numbers are given out again, so where the system tells it the command line must fit too.
 * @param {number} pid
 * @param {string} commandPart
 */
function isOurs(pid, commandPart) {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(commandPart)
  } catch {
    return false
  }
}
