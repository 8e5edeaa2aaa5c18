import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { vi } from 'vitest'
import credentials from '../../sandbox/credentials.json' with { type: 'json' }

const serverFile = path.resolve(import.meta.dirname, '../../../server/dist/main.js')
/** What a process says is kept for the message of a failed test; more than this is cut from the front. */
const keptCharacters = 20_000
/** A start waits for the database and brings its schema up to date; a busy machine takes its time. */
const readyTimeoutMs = 60_000

/** Keys all processes of one deployment share. */
export interface DeploymentKeys {
  readonly field: string
  readonly index: string
  readonly integration: string
}

export function newKeys(): DeploymentKeys {
  return { field: randomBytes(32).toString('base64'), index: randomBytes(32).toString('base64'), integration: randomBytes(24).toString('hex') }
}

/** Where a process finds its database and the platforms. */
export interface Surroundings {
  readonly databaseUrl: string
  readonly publicUrl: string
  readonly bases: { readonly wecomApi: string; readonly wecomOpen: string; readonly wechatApi: string; readonly sms?: string }
  readonly keys: DeploymentKeys
}

/** Nobody answers there: for a worker that needs no platform. */
export const nowhere = { wecomApi: 'http://127.0.0.1:9', wecomOpen: 'http://127.0.0.1:9', wechatApi: 'http://127.0.0.1:9' }

/** The environment of a server process. @param more settings that differ */
export function processSettings({ databaseUrl, publicUrl, bases, keys }: Surroundings, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const sms: Record<string, string> = bases.sms === undefined ? {} : { SMS_API_URL: bases.sms, SMS_API_KEY: credentials.smsApiKey }
  return {
    PATH: process.env['PATH'] ?? '', PUBLIC_URL: publicUrl, DATABASE_URL: databaseUrl, LOG_LEVEL: 'error', OPERATOR_STAFF_USER_IDS: 'manager.wu',
    WECOM_CORP_ID: credentials.corpId, WECOM_AGENT_ID: credentials.agentId, WECOM_AGENT_SECRET: credentials.agentSecret,
    WECOM_CALLBACK_TOKEN: credentials.callbackToken, WECOM_CALLBACK_AES_KEY: credentials.callbackAesKey,
    WECHAT_MP_APPID: credentials.mpAppId, WECHAT_MP_SECRET: credentials.mpSecret,
    WECOM_API_BASE: bases.wecomApi, WECOM_OPEN_BASE: bases.wecomOpen, WECHAT_API_BASE: bases.wechatApi,
    SECURITY_FIELD_KEY: keys.field, SECURITY_INDEX_KEY: keys.index, INTEGRATION_API_KEY: keys.integration, ...sms, ...more,
  }
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process of the shipped server. */
export interface ProductProcess {
  readonly pid: number
  readonly ended: Promise<Ending>
  isAlive(): boolean
  /** What it wrote so far, both streams. */
  output(): string
  /** `SIGKILL`, and until it is gone. */
  kill(): Promise<void>
  /** `SIGTERM`, as an orderly restart sends it. */
  terminate(): Promise<Ending>
  /** Until `url` answers 200. @throws with what the process wrote when it ends or takes a minute */
  ready(url: string): Promise<void>
}

/** Starts the built server as its own process, with nothing but the given environment. */
export function startProcess(env: Readonly<Record<string, string>>): ProductProcess {
  const child = spawn(process.execPath, [serverFile], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let written = ''
  const keep = (chunk: Buffer): void => {
    written = (written + chunk.toString()).slice(-keptCharacters)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null
  const signal = (name: 'SIGKILL' | 'SIGTERM') => async () => {
    if (isAlive()) child.kill(name)
    return ended
  }
  return {
    pid: child.pid ?? 0,
    ended,
    isAlive,
    output: () => written,
    kill: async () => void (await signal('SIGKILL')()),
    terminate: signal('SIGTERM'),
    async ready(url) {
      const isReady = async (): Promise<void> => {
        if (!isAlive()) return
        const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) })
        if (status !== 200) throw new Error(`${url} answered ${status}`)
      }
      await vi.waitFor(isReady, { timeout: readyTimeoutMs, interval: 25 })
      if (!isAlive()) throw new Error(`the process ended before it was ready:\n${written}`)
    },
  }
}
