import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../startSandbox.ts'
import type { Sandbox } from '../types.ts'

const dayMs = 86_400_000
let folder: string
let server: Server
let sandbox: Sandbox
const asked: { offsetMs: number }[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'qihui-time-'))
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => { text += part.toString('utf8') })
    request.on('end', () => {
      asked.push(JSON.parse(text) as { offsetMs: number })
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ nightlyRuns: 7 }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  await writeFile(path.join(folder, 'clock.txt'), String(2 * dayMs))
  sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, integrationKey: 'key', clockFile: path.join(folder, 'clock.txt') })
})
afterAll(async () => {
  await sandbox.close()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const forward = (body: unknown) => fetch(`${sandbox.url}/_sandbox/clock/forward`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe('the time of the stage', () => {
  it('goes on where the last run left it, and moves product and platforms by the same step', async () => {
    expect(Math.abs(sandbox.clock.now() - Date.now() - 2 * dayMs)).toBeLessThan(1000)
    const answer = (await (await forward({ days: 3 })).json()) as { nightlyRuns: number }
    expect(answer.nightlyRuns).toBe(7)
    expect(Math.abs(sandbox.clock.now() - Date.now() - 5 * dayMs)).toBeLessThan(1000)
    expect(asked.map(({ offsetMs }) => offsetMs / dayMs)).toEqual([5])
  })

  it.each([
    [{}, '日期要写成 2027-02-10 的样子'],
    [{ date: '2月10日' }, '日期要写成 2027-02-10 的样子'],
    [{ date: '2020-01-01' }, '时间只能向前拨'],
    [{ date: '2199-01-01' }, '一次最多快进一年'],
    [{ days: 0 }, 'days 必须是 1 到 366 之间的整数'],
  ])('refuses %j and moves nothing', async (body, message) => {
    const before = asked.length
    const response = await forward(body)
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([400, message])
    expect(asked).toHaveLength(before)
  })
})
