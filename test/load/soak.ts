/**
 * `npm run soak -- [--minutes 20] [--rps 50] [--seed N]`: the built product under mixed traffic and random vendor faults (R93, trust test 72).
 * Ends with 1 when a 5xx has no injected cause, or memory or handles rise faster than the stated limits.
 */
import { randomInt } from 'node:crypto'
import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { FaultScript } from '../sandbox/faults/faultPlan.ts'
import { createRandom } from '../sandbox/world/random.ts'
import { lookAt } from './lookAt.ts'
import { startTarget } from './startTarget.ts'
import { createTraffic, type Tally } from './traffic.ts'
import { causeOf, complaintsOf, limits, rssFloorsOf, slopesOf, type Sample } from './verdict.ts'

const sampleMs = 10_000
const tickMs = 100
const peopleCount = 3_000
/** Requests under way at once before the generator waits: a server that hangs must not hide behind requests nobody sent. */
const maxUnderWay = 500

const faultsOf = (seed: number): FaultScript => ({
  seed,
  vendor: [
    { kind: 'delay', probability: 0.1, delayMs: 400 },
    { kind: 'http5xx', probability: 0.01 },
    { kind: 'errcode', probability: 0.01 },
    { kind: 'errcode', probability: 0.001, errcode: 45009 },
    { kind: 'errcode', probability: 0.001, errcode: 42001 },
    { kind: 'html', probability: 0.005 },
    { kind: 'drop', probability: 0.005 },
    { kind: 'halfOpen', probability: 0.001 },
  ],
  callback: [
    { kind: 'duplicate', probability: 0.1 },
    { kind: 'reorder', probability: 0.05 },
    { kind: 'lostAnswer', probability: 0.05 },
    { kind: 'drop', probability: 0.02 },
    { kind: 'delay', probability: 0.1, delayMs: 500 },
  ],
})

function positive(text: string, name: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not "${text}"`)
  return value
}

function readArguments(): { readonly minutes: number; readonly rps: number; readonly seed: number } {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' }, rps: { type: 'string', default: '50' }, seed: { type: 'string' } } })
  return { minutes: positive(values.minutes, 'minutes'), rps: positive(values.rps, 'rps'), seed: values.seed === undefined ? randomInt(1, 2 ** 31) : positive(values.seed, 'seed') }
}

/** What undici says of a failed request is "fetch failed"; why, it says in the cause. */
const reasonOf = (error: unknown): string => (error instanceof Error ? String(error.cause ?? error.message) : String(error))
const rounded = (value: number): number => Number(value.toFixed(2))

function report({ minutes, seed, samples, missed, tally, faults }: { readonly minutes: number; readonly seed: number; readonly samples: readonly Sample[]; readonly missed: readonly string[]; readonly tally: Tally; readonly faults: string }): void {
  const slopes = slopesOf(samples)
  const most = (value: (sample: Sample) => number) => rounded(Math.max(...samples.map(value)))
  const courseOf = (key: 'rssMb' | 'heapMb' | 'handles') => ({
    first: rounded(samples[0]?.[key] ?? 0), last: rounded(samples.at(-1)?.[key] ?? 0), most: most((sample) => sample[key]),
    slopePerMinute: slopes && rounded(slopes[key].perMinute), standardError: slopes && rounded(slopes[key].standardError),
  })
  console.log(JSON.stringify({
    minutes, seed, faults,
    requests: tally.sent(), requestsPerSecond: rounded(tally.sent() / (minutes * 60)), byStatus: tally.byStatus(), slowestMs: Math.round(tally.slowestMs()),
    rssMb: { ...courseOf('rssMb'), leastPerFiveMinutes: rssFloorsOf(samples).map(rounded) }, heapMb: courseOf('heapMb'), handles: courseOf('handles'),
    lagMsMost: most(({ lagMs }) => lagMs), connectionsMost: most(({ connections }) => connections), callersWaitingMost: most(({ callersWaiting }) => callersWaiting),
    looks: samples.length, looksMissed: missed,
    loadAverage: os.loadavg().map((value) => rounded(value)), limits,
  }, null, 2))
  for (const error of tally.errors()) console.log(`${error.count} x ${error.status} ${error.code} ${error.route}: ${causeOf(error) ?? 'UNEXPLAINED'}`)
}

async function main(): Promise<void> {
  const { minutes, rps, seed } = readArguments()
  console.log(`soak of ${minutes} minutes at ${rps} a second, seed ${seed}`)
  const target = await startTarget(peopleCount)
  try {
    const { act, tally } = await createTraffic(target, createRandom(seed))
    target.sandbox.faults.start(faultsOf(seed))
    const samples: Sample[] = []
    const missed: string[] = []
    const begun = performance.now()
    const endMs = minutes * 60_000
    let nextSampleMs = 0
    let underWay = 0
    for (let elapsed = 0; elapsed < endMs; elapsed = performance.now() - begun) {
      // Counted in requests: a registration is four of them.
      while (tally.sent() < (elapsed / 1000) * rps && underWay < maxUnderWay) {
        underWay += 1
        void act().finally(() => (underWay -= 1))
      }
      if (elapsed >= nextSampleMs) {
        nextSampleMs += sampleMs
        await lookAt(target, elapsed / 60_000).then((sample) => samples.push(sample), (error: unknown) => missed.push(reasonOf(error)))
      }
      await pause(tickMs)
    }
    while (underWay > 0) await pause(tickMs)
    report({ minutes, seed, samples, missed, tally, faults: target.sandbox.faults.describe() })
    const complaints = complaintsOf(samples, tally.errors(), missed.length)
    for (const complaint of complaints) console.error(complaint)
    if (complaints.length > 0) {
      console.error(`log of the server: ${target.logFile}`)
      process.exitCode = 1
    }
  } finally {
    await target.close()
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
