import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchServerPorts } from './benchServer.ts'
import type { Cluster } from './clusters.ts'
import { postgresCpuUs, processCpuUs } from './cpuTime.ts'
import type { LoadReport } from './loadGenerator.ts'
import type { Measure } from './rounds.ts'

export const CONNECTIONS = 8

/** The running product and how to load it. */
export interface HttpBench {
  /** Sends every request once over eight connections; `app` chooses the product or the plain Koa route. */
  load(requests: readonly string[], app: keyof BenchServerPorts): Promise<Measure>
  close(): Promise<void>
}

/** Beside this file once it is bundled. */
const here = (name: string) => join(import.meta.dirname, name)

function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a bench process ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      const failed = (message as { error?: string }).error
      if (failed === undefined) resolve(message as T)
      else reject(new Error(failed))
    })
  })
}

/** Starts the product's web process on these settings. Its log goes to a file, as it does in production. */
export async function startHttpBench(settings: Readonly<Record<string, string>>, cluster: Cluster): Promise<HttpBench> {
  const folder = mkdtempSync(join(tmpdir(), 'qihui-bench-http-'))
  const log = openSync(join(folder, 'server.log'), 'w')
  const server = fork(here('benchServer.js'), { stdio: ['ignore', log, 'inherit', 'ipc'] })
  closeSync(log)
  server.send(settings)
  const ports = await nextMessage<BenchServerPorts>(server)
  const serverPid = server.pid ?? 0
  return {
    async load(requests, app) {
      const file = join(folder, 'requests')
      writeFileSync(file, requests.map((request) => JSON.stringify(request)).join('\n'))
      const generator = fork(here('loadGenerator.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      const [nodeBefore, postgresBefore] = [processCpuUs(serverPid), postgresCpuUs(cluster.postmasterPid)]
      generator.send({ file, port: ports[app], connections: CONNECTIONS })
      const { seconds, operations, p99Ms, pingP99Ms } = await nextMessage<LoadReport>(generator)
      const nodeCpuUs = (processCpuUs(serverPid) - nodeBefore) / operations
      const cost = (postgresCpuUs(cluster.postmasterPid) - postgresBefore) / operations
      server.send('memory')
      const { rssMb } = await nextMessage<{ rssMb: number }>(server)
      return { seconds, operations, p99Ms, pingP99Ms, nodeCpuUs, postgresCpuUs: cost, rssMb }
    },
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.disconnect()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The bytes of a request as they go over the wire. */
export function httpRequest(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = { Host: 'localhost', ...headers, ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) }
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
