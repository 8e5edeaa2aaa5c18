import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '@qihui/server/app'
import { createServices } from '@qihui/server/services'
import { createTestDatabase, publishForms, publishPolicies, testEnv } from '@qihui/server/testing'
import { startWorker } from '@qihui/server/worker'
import credentials from '../sandbox/credentials.json' with { type: 'json' }
import { startSandbox } from '../sandbox/startSandbox.ts'
import type { Sandbox, SandboxClock } from '../sandbox/types.ts'

/** The whole product in this process: real server, real database, the sandbox as vendors. */
export interface RunningServer {
  readonly services: ReturnType<typeof createServices>
  readonly sandbox: Awaited<ReturnType<typeof startSandbox>>
  /** The one address, as people use it (through the gateway). */
  readonly url: string
  /** The server itself, past the gateway. */
  readonly serverUrl: string
  /** Lines of the server's log. */
  readonly logLines: readonly string[]
  /** Another process of the same product: its own memory, the same database and clock. */
  anotherProcess(): ReturnType<typeof createServices>
  close(): Promise<void>
}

function settingsFor(sandbox: Sandbox): Record<string, string> {
  return {
    PUBLIC_URL: sandbox.url,
    TRUSTED_PROXY_HOPS: '1',
    WECOM_CORP_ID: credentials.corpId,
    WECOM_AGENT_ID: credentials.agentId,
    WECOM_AGENT_SECRET: credentials.agentSecret,
    WECOM_CALLBACK_TOKEN: credentials.callbackToken,
    WECOM_CALLBACK_AES_KEY: credentials.callbackAesKey,
    WECHAT_MP_APPID: credentials.mpAppId,
    WECHAT_MP_SECRET: credentials.mpSecret,
    WECHAT_OA_APPID: credentials.oaAppId,
    WECHAT_OA_SECRET: credentials.oaSecret,
    WECHAT_OPEN_PLATFORM_ID: credentials.openPlatformId,
    WECOM_API_BASE: sandbox.bases.wecomApi,
    WECOM_OPEN_BASE: sandbox.bases.wecomOpen,
    WECHAT_API_BASE: sandbox.bases.wechatApi,
    WECHAT_MP_ORIGINAL_ID: credentials.mpOriginalId,
    WECHAT_RISK_RANK: 'on',
    OPERATOR_STAFF_USER_IDS: 'manager.wu,manager.xu',
    SMTP_URL: sandbox.bases.smtp ?? '',
    MAIL_FROM: 'member@qihui.example',
    SMS_API_URL: sandbox.bases.sms,
    SMS_API_KEY: credentials.smsApiKey,
    LOG_LEVEL: 'info',
  }
}

/**
 * Starts everything on free ports and a database of its own; without a worker, jobs stay in the outbox.
 * A given clock is the time of server and sandbox alike; `settings` are environment variables of the server that differ.
 */
export async function startServer(options: { readonly withWorker?: boolean; readonly clock?: SandboxClock; readonly settings?: Readonly<Record<string, string>>; readonly peopleCount?: number } = {}): Promise<RunningServer> {
  const database = await createTestDatabase()
  const logLines: string[] = []
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = await startSandbox({ port: 0, smtpPort: 0, serverUrl, ...(options.clock ? { clock: options.clock } : {}), ...(options.peopleCount ? { peopleCount: options.peopleCount } : {}) })
  const env = testEnv(database.url, { ...settingsFor(sandbox), ...options.settings })
  const processes: ReturnType<typeof createServices>[] = []
  const openProcess = (): ReturnType<typeof createServices> => {
    const opened = createServices(env, {
      databaseRole: 'qihui_app',
      logTo: { write: (line) => void logLines.push(line) },
      ...(options.clock ? { now: () => new Date(options.clock?.now() ?? 0) } : {}),
    })
    processes.push(opened)
    return opened
  }
  const services = openProcess()
  await publishPolicies(services)
  await publishForms(services)
  answer = createApp(services, { requestsPerMinute: 1_000_000 }).callback()
  const worker = options.withWorker === false ? null : await startWorker(services)
  return {
    services,
    sandbox,
    url: sandbox.url,
    serverUrl,
    logLines,
    anotherProcess: openProcess,
    async close() {
      await sandbox.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await worker?.stop()
      for (const each of processes) await each.db.close()
      await database.drop()
    },
  }
}
