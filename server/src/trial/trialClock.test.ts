import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineJob } from '../jobs/defineJob.ts'
import { handle } from '../jobs/handle.ts'
import { dailyRuns } from './dailyRuns.ts'
import { createTrialClock } from './trialClock.ts'

const dayMs = 86_400_000
const log = pino({ level: 'silent' })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qihui-clock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const handlerOf = (name: string, cron: string, run: () => Promise<void> = async () => {}) => handle(defineJob({ name, payload: v.object({}), keyOf: () => 'all' }), run, { cron, payload: {} })

describe('dailyRuns', () => {
  it('is every night between, in order, by the local clock', () => {
    const runs = dailyRuns([handlerOf('late', '30 3 * * *'), handlerOf('tiers', '10 0 * * *')], new Date('2026-11-20T15:00:00Z'), new Date('2026-11-21T16:30:00Z'))
    expect(runs.map(({ at, handler }) => [handler.job.name, at.toISOString()])).toEqual([
      ['tiers', '2026-11-20T16:10:00.000Z'],
      ['late', '2026-11-20T19:30:00.000Z'],
      ['tiers', '2026-11-21T16:10:00.000Z'],
    ])
  })

  it('knows the first of a month and a day of the week, and leaves hourly jobs alone', () => {
    const from = new Date('2026-11-01T00:00:00Z')
    const to = new Date('2027-01-31T00:00:00Z')
    expect(dailyRuns([handlerOf('monthly', '0 2 1 * *')], from, to).map(({ at }) => at.toISOString())).toEqual(['2026-11-30T18:00:00.000Z', '2026-12-31T18:00:00.000Z'])
    expect(dailyRuns([handlerOf('mondays', '0 9 * * 1')], from, new Date('2026-11-10T00:00:00Z')).map(({ at }) => at.toISOString())).toEqual(['2026-11-02T01:00:00.000Z', '2026-11-09T01:00:00.000Z'])
    expect(dailyRuns([handlerOf('hourly', '17 * * * *'), handlerOf('often', '*/30 * * * *')], from, to)).toEqual([])
  })
})

describe('the trial clock', () => {
  it('runs each night at its own time, and goes on where it was after a restart', async () => {
    const file = path.join(folder, 'clock')
    const clock = createTrialClock(file, log)
    const seen: string[] = []
    clock.follow([handlerOf('tiers', '10 0 * * *', async () => void seen.push(clock.now().toISOString().slice(11, 16)))])
    expect(await clock.moveTo(3 * dayMs)).toBe(3)
    expect(seen).toEqual(['16:10', '16:10', '16:10'])
    expect(Math.abs(clock.now().getTime() - Date.now() - 3 * dayMs)).toBeLessThan(1000)
    expect(Number(readFileSync(file, 'utf8'))).toBe(3 * dayMs)
    expect(Math.abs(createTrialClock(file, log).now().getTime() - Date.now() - 3 * dayMs)).toBeLessThan(1000)
  })

  it('never goes back, and a night that fails does not stop it', async () => {
    const clock = createTrialClock(path.join(folder, 'clock'), log)
    clock.follow([handlerOf('broken', '0 1 * * *', () => Promise.reject(new Error('broken')))])
    expect(await clock.moveTo(2 * dayMs)).toBe(2)
    await clock.moveTo(dayMs)
    expect(clock.now().getTime() - Date.now()).toBeGreaterThan(2 * dayMs - 1000)
  })
})
