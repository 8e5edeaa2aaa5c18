import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '../../tools/postgres.mjs'
import { freePorts } from '../factories/freePorts.ts'
import credentials from '../sandbox/credentials.json' with { type: 'json' }
import { startSandbox } from '../sandbox/startSandbox.ts'

const serverFile = path.resolve(import.meta.dirname, '../../server/dist/main.js')
const readyMs = 60_000
const pollMs = 200

/** The built product as a process of its own, before a sandbox in this one. */
export interface Target {
  readonly sandbox: Awaited<ReturnType<typeof startSandbox>>
  readonly serverUrl: string
  readonly pid: number
  readonly metricsToken: string
  /** Where the server's log rests; it outlives the run. */
  readonly logFile: string
  close(): Promise<void>
}

type Sandbox = Target['sandbox']

function settingsOf(sandbox: Sandbox, databaseUrl: string, port: number, metricsToken: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'], MALLOC_ARENA_MAX: '2' /* as in the image */, NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: sandbox.url, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn',
    TRUSTED_PROXY_HOPS: '1', METRICS_TOKEN: metricsToken, OPERATOR_STAFF_USER_IDS: 'manager.wu',
    WECOM_CORP_ID: credentials.corpId, WECOM_AGENT_ID: credentials.agentId, WECOM_AGENT_SECRET: credentials.agentSecret,
    WECOM_CALLBACK_TOKEN: credentials.callbackToken, WECOM_CALLBACK_AES_KEY: credentials.callbackAesKey,
    WECHAT_MP_APPID: credentials.mpAppId, WECHAT_MP_SECRET: credentials.mpSecret,
    WECOM_API_BASE: sandbox.bases.wecomApi, WECOM_OPEN_BASE: sandbox.bases.wecomOpen, WECHAT_API_BASE: sandbox.bases.wechatApi,
    SECURITY_FIELD_KEY: randomBytes(32).toString('base64'), SECURITY_INDEX_KEY: randomBytes(32).toString('base64'), INTEGRATION_API_KEY: randomBytes(24).toString('hex'),
  }
}

async function waitReady(url: string, server: ChildProcess, logFile: string): Promise<void> {
  for (const end = performance.now() + readyMs; performance.now() < end; await pause(pollMs)) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}; its log: ${logFile}`)
    const status = await fetch(`${url}/readyz`).then((answer) => answer.status, () => 0)
    if (status === 200) return
  }
  throw new Error(`The server was not ready after ${readyMs / 1000} s; its log: ${logFile}`)
}

/** Starts database, sandbox and server on free ports. @throws Error when the server is not built or does not get ready */
export async function startTarget(peopleCount: number): Promise<Target> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qihui-soak-'))
  const port = await freePorts(1)
  const serverUrl = `http://127.0.0.1:${port}`
  const sandbox = await startSandbox({ port: 0, serverUrl, peopleCount })
  sandbox.world.setPhoneQuota(1_000_000)
  const postgres = await startPostgres({ dataDir: path.join(folder, 'cluster') })
  const metricsToken = randomBytes(24).toString('hex')
  const logFile = path.join(os.tmpdir(), `qihui-soak-${process.pid}.log`)
  const log = openSync(logFile, 'w', 0o600)
  const server = spawn(process.execPath, ['--enable-source-maps', serverFile], { env: settingsOf(sandbox, postgres.url, port, metricsToken), stdio: ['ignore', log, log] })
  closeSync(log)
  await waitReady(serverUrl, server, logFile)
  return {
    sandbox, serverUrl, metricsToken, logFile,
    pid: server.pid ?? 0,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      await postgres.stop({ isForced: true })
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
