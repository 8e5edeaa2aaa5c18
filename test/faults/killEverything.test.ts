import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres } from '../../tools/postgres.mjs'
import { freePorts } from '../factories/freePorts.ts'
import { startSandbox } from '../sandbox/startSandbox.ts'
import { newKeys, processSettings, startProcess, type ProductProcess } from './harness/productProcess.ts'

/** Rounds of load and kill; the load of one round lasts until so many registrations were answered. */
const rounds = 3
const answersPerRound = Number(process.env['KILL_ANSWERS'] ?? '150')
const clients = 8

type Postgres = Awaited<ReturnType<typeof startPostgres>>

let folder: string
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let postgres: Postgres
let server: ProductProcess
let serverPort: number
const keys = newKeys()

function startServer(): ProductProcess {
  // Without SMS the risk rules hold who comes in a crowd; with it they would ask each for a code.
  const { wecomApi, wecomOpen, wechatApi } = sandbox.bases
  const surroundings = { databaseUrl: postgres.url, publicUrl: sandbox.url, bases: { wecomApi, wecomOpen, wechatApi }, keys }
  return startProcess(processSettings(surroundings, { PORT: String(serverPort) }))
}

const waitReady = (): Promise<void> => server.ready(`http://127.0.0.1:${serverPort}/readyz`)

/** The postmaster and every process it made. */
function clusterPids(postmaster: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === postmaster
    } catch {
      return false // it ended while we looked
    }
  })
  return [postmaster, ...children]
}

async function post(route: string, body: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${serverPort}${route}`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${route} answered ${response.status}`)
  return (await response.json()) as Record<string, unknown>
}

/** One whole registration of somebody new. @returns the member's id once the server has answered */
async function register(personId: string): Promise<string> {
  const { sessionToken } = await post('/api/members/session', { code: sandbox.world.loginCode(personId) })
  const headers = { authorization: `Bearer ${String(sessionToken)}` }
  const { consentIds } = await post('/api/consents', { policyVersion: '2026-01', purposes: ['membership'] }, headers)
  const body = { phoneCode: sandbox.world.phoneCode(personId), consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
  const { member } = await post('/api/members/registrations', body, { ...headers, 'idempotency-key': randomUUID() })
  return (member as { memberId: string }).memberId
}

/** Registers until the kill cuts the line; the caller decides when. */
async function loadUntilCut(people: Iterator<string>, acknowledged: string[], onAnswer: () => void): Promise<void> {
  const one = async () => {
    for (let next = people.next(); !next.done; next = people.next()) {
      try {
        acknowledged.push(await register(next.value))
      } catch (error) {
        // Anything but the kill would leave the round without its goal.
        if (error instanceof Error && error.message.includes(' answered 4')) throw error
        return
      }
      onAnswer()
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qihui-kill-'))
  serverPort = await freePorts(1)
  sandbox = await startSandbox({ port: 0, peopleCount: rounds * answersPerRound * 2, serverUrl: `http://127.0.0.1:${serverPort}` })
  sandbox.world.setPhoneQuota(1_000_000)
  postgres = await startPostgres({ dataDir: path.join(folder, 'cluster') })
})
afterAll(async () => {
  await server.kill()
  await postgres.stop({ isForced: true })
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

describe('kill -9 of server and database', () => {
  it(`loses no answered registration over ${rounds} rounds`, async () => {
    const people = sandbox.world.people.filter(({ type, phone }) => type === 1 && phone !== null).map(({ personId }) => personId).values()
    const acknowledged: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) postgres = await startPostgres({ dataDir: path.join(folder, 'cluster') })
      server = startServer()
      await waitReady()
      const goal = acknowledged.length + answersPerRound
      const killAll = () => {
        if (acknowledged.length !== goal) return
        for (const pid of [server.pid, ...clusterPids(postgres.pid)]) process.kill(pid, 'SIGKILL')
      }
      await loadUntilCut(people, acknowledged, killAll)
      await postgres.exited
    }
    postgres = await startPostgres({ dataDir: path.join(folder, 'cluster') })
    server = startServer()
    await waitReady()
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    const found = await client.query<{ member_id: string }>('select member_id from member where member_id = any($1)', [acknowledged])
    // Hundreds come from one address, so the risk rules hold most of them: a member has growth or the reason why it waits, never half of either.
    const torn = await client.query(`select count(*)::int as torn from member m
      where (held_at is null) <> exists (select from growth_entry e where e.member_id = m.member_id and e.source = 'registration')
        or (held_at is not null) <> exists (select from risk_decision d where d.member_id = m.member_id)
        or not exists (select from identifier i where i.person_id = m.person_id)`)
    await client.end()
    expect(acknowledged.length).toBeGreaterThanOrEqual(rounds * answersPerRound)
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    expect(new Set(found.rows.map((row) => row.member_id))).toEqual(new Set(acknowledged))
    expect(torn.rows).toEqual([{ torn: 0 }])
  }, 600_000)
})
