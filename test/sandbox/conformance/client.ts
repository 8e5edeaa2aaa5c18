import { afterAll, beforeAll } from 'vitest'
import { createManualClock } from '../clock.ts'
import { startSandbox } from '../startSandbox.ts'
import { credentials } from '../world/credentials.ts'
import type { Sandbox, SandboxOptions } from '../types.ts'

export type Json = Record<string, unknown>

/** 2026-01-01 10:00 in Shanghai: tests start where the world's clock stands still. */
export const START_MS = Date.UTC(2026, 0, 1, 2)

/** A sandbox for one test file, with calls as a program would make them. */
export interface Client {
  readonly sandbox: Sandbox
  /** GET or (with a body) POST on qyapi; `access_token` is added unless the query names one. */
  corp(path: string, query?: Record<string, string>, body?: unknown): Promise<Json>
  /** The same on api.weixin.qq.com with a mini-program token. */
  wechat(path: string, query?: Record<string, string>, body?: unknown): Promise<Json>
  external(call: string, body: unknown): Promise<Json>
  externalUserId(personId: string): string
  corpToken(): Promise<string>
  wechatToken(): Promise<string>
}

/** Sends JSON and reads JSON, without any of our own client code. */
export async function callJson(url: string, body?: unknown): Promise<Json> {
  const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  return (await answer.json()) as Json
}

export function createClient(sandbox: Sandbox): Client {
  const corpToken = async (): Promise<string> => {
    const query = new URLSearchParams({ corpid: credentials.corpId, corpsecret: credentials.agentSecret })
    return String((await callJson(`${sandbox.bases.wecomApi}/cgi-bin/gettoken?${query}`))['access_token'])
  }
  const wechatToken = async (): Promise<string> => {
    const body = { grant_type: 'client_credential', appid: credentials.mpAppId, secret: credentials.mpSecret }
    return String((await callJson(`${sandbox.bases.wechatApi}/cgi-bin/stable_token`, body))['access_token'])
  }
  const corp = async (path: string, query: Record<string, string> = {}, body?: unknown): Promise<Json> => {
    const access: Record<string, string> = 'access_token' in query ? {} : { access_token: await corpToken() }
    return callJson(`${sandbox.bases.wecomApi}${path}?${new URLSearchParams({ ...access, ...query })}`, body)
  }
  return {
    sandbox,
    corp,
    corpToken,
    wechatToken,
    async wechat(path, query = {}, body) {
      const access: Record<string, string> = 'access_token' in query ? {} : { access_token: await wechatToken() }
      return callJson(`${sandbox.bases.wechatApi}${path}?${new URLSearchParams({ ...access, ...query })}`, body)
    },
    external: (call, body) => corp(`/cgi-bin/externalcontact/${call}`, {}, body),
    externalUserId: (personId) => sandbox.world.person(personId).externalUserId,
  }
}

/** Starts a sandbox with a standing clock before the tests of a file and ends it after them. */
export function useSandbox(options: Partial<SandboxOptions> = {}): Client {
  const holder: { client?: Client } = {}
  beforeAll(async () => {
    const sandbox = await startSandbox({ port: 0, serverUrl: null, hasStage: false, clock: createManualClock(START_MS), ...options })
    holder.client = createClient(sandbox)
  })
  afterAll(() => holder.client?.sandbox.close())
  return new Proxy({} as Client, {
    get: (_target, key: keyof Client) => {
      if (!holder.client) throw new Error('the sandbox is not started yet')
      return holder.client[key]
    },
  })
}
