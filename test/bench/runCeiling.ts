import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pgbenchPath, type Cluster } from './clusters.ts'
import { postgresCpuUs } from './cpuTime.ts'
import type { Measure } from './rounds.ts'

export interface CeilingRun {
  readonly cluster: Cluster
  readonly script: string
  readonly clients: number
  readonly operationsPerClient: number
}

/** What the ceiling is made with, for the note. */
export const ceilingTool = pgbenchPath ? 'pgbench' : 'a bare prepared pg loop (no pgbench here)'

/** Numbers below it belong to one client each. */
export const CLIENT_STRIDE = 1_000_000

/**
 * Runs a script made by `ceilingScript` as often as asked: by pgbench with prepared statements, else by a bare `pg` loop.
 * The numbers: `:n` is client * CLIENT_STRIDE + 1, 2, 3 …, the ones the fixtures prepare.
 */
export async function runCeiling(run: CeilingRun): Promise<Measure> {
  const before = postgresCpuUs(run.cluster.postmasterPid)
  const seconds = pgbenchPath ? await runPgbench(pgbenchPath, run) : await runLoop(run)
  const operations = run.clients * run.operationsPerClient
  return { operations, seconds, nodeCpuUs: null, postgresCpuUs: (postgresCpuUs(run.cluster.postmasterPid) - before) / operations }
}

async function runPgbench(program: string, { cluster, script, clients, operationsPerClient }: CeilingRun): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'qihui-bench-'))
  const file = join(folder, 'script.sql')
  const numbers = [
    `\\set i :i + 1`,
    `\\set n :client_id * ${CLIENT_STRIDE} + :i`,
    `\\set m :i * ${clients} + :client_id`,
    '\\set r random(1, 500)',
  ]
  writeFileSync(file, `${numbers.join('\n')}\n${script};\n`)
  const url = new URL(cluster.url)
  const options = ['-n', '-M', 'prepared', '-D', 'i=0', '-c', String(clients), '-j', '2', '-t', String(operationsPerClient), '-f', file]
  const child = spawn(program, [...options, '-h', url.hostname, '-p', url.port, '-U', url.username, url.pathname.slice(1)], {
    env: { ...process.env, PGPASSWORD: decodeURIComponent(url.password) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
  const rate = Number(/^tps = ([\d.]+) \(without initial connection time\)/m.exec(output)?.[1])
  const isWhole = output.includes(`number of transactions actually processed: ${clients * operationsPerClient}/`)
  if (code !== 0 || !isWhole || !(rate > 0)) throw new Error(`pgbench failed:\n${output}`)
  return (clients * operationsPerClient) / rate
}

async function runLoop({ cluster, script, clients, operationsPerClient }: CeilingRun): Promise<number> {
  const names = ['n', 'm', 'r'].filter((name) => new RegExp(`(?<!:):${name}\\b`).test(script))
  const text = names.reduce((sql, name, index) => sql.replace(new RegExp(`(?<!:):${name}\\b`, 'g'), `$${index + 1}`), script)
  const connections = await Promise.all(Array.from({ length: clients }, async () => {
    const client = new pg.Client({ connectionString: cluster.url })
    await client.connect()
    return client
  }))
  const started = performance.now()
  await Promise.all(connections.map(async (client, index) => {
    for (let i = 1; i <= operationsPerClient; i += 1) {
      const numbers: Record<string, number> = { n: index * CLIENT_STRIDE + i, m: i * clients + index, r: 1 + ((i * 7 + index) % 500) }
      await client.query({ name: 'ceiling', text, values: names.map((name) => numbers[name]) })
    }
  }))
  const seconds = (performance.now() - started) / 1000
  await Promise.all(connections.map((client) => client.end()))
  return seconds
}
