import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { JobHandler } from '../jobs/handle.ts'
import { dailyRuns } from './dailyRuns.ts'

/** A clock that can be moved forward while the product is tried out in the sandbox (`TRIAL_CLOCK_FILE`; production refuses it). */
export interface TrialClock {
  now(): Date
  /** Jobs that decide about members by night: they run for each day that is skipped, and must call no vendor, whose clock follows later. */
  follow(handlers: readonly JobHandler[]): void
  /** Moves to real time plus `offsetMs`, through every night between. Never back. @returns how many nightly jobs ran */
  moveTo(offsetMs: number): Promise<number>
}

/** Milliseconds the time is ahead, from an earlier run; 0 when there was none. */
function readOffset(file: string): number {
  try {
    const offset = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(offset) && offset > 0 ? offset : 0
  } catch {
    return 0
  }
}

/** @param file keeps the offset over restarts: what was stored in the moved time must not lie in the future afterwards */
export function createTrialClock(file: string, log: Logger): TrialClock {
  let offset = readOffset(file)
  let handlers: readonly JobHandler[] = []
  let moving: Promise<unknown> = Promise.resolve()
  const now = () => new Date(Date.now() + offset)
  const forwardTo = (milliseconds: number): void => {
    offset = Math.max(offset, milliseconds)
    writeFileSync(`${file}.new`, String(offset))
    renameSync(`${file}.new`, file)
  }
  const move = async (target: number): Promise<number> => {
    const runs = dailyRuns(handlers, now(), new Date(Date.now() + target))
    for (const { at, handler } of runs) {
      forwardTo(at.getTime() - Date.now())
      try {
        await handler.run(handler.schedule?.payload ?? {}, { attempt: 0, signal: new AbortController().signal })
      } catch (error) {
        log.warn({ err: error, job: handler.job.name }, 'a nightly job failed while the time was moved')
      }
    }
    forwardTo(target)
    return runs.length
  }
  return {
    now,
    follow(nightly) {
      handlers = nightly
    },
    async moveTo(target) {
      const moved = moving.then(() => move(target))
      moving = moved.catch(() => undefined)
      return moved
    },
  }
}
