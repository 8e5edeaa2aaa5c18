import type { SandboxClock } from './types.ts'

interface Timer {
  readonly dueAt: number
  readonly run: () => void | Promise<void>
  handle: NodeJS.Timeout | null
}

/** Order in which due timers fire: by due time, equal ones as they were set. */
async function fireDue(timers: Set<Timer>, now: number): Promise<void> {
  const due = [...timers].filter((timer) => timer.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt)
  for (const timer of due) {
    if (!timers.delete(timer)) continue
    if (timer.handle) clearTimeout(timer.handle)
    await timer.run()
  }
}

/**
 * The clock of `npm start`: real time plus whatever was advanced. Timers run by themselves; `advance` brings them forward.
 */
export function createRealClock(): SandboxClock {
  const timers = new Set<Timer>()
  let offset = 0
  const now = (): number => Date.now() + offset
  const arm = (timer: Timer): void => {
    timer.handle = setTimeout(() => {
      if (timers.delete(timer)) void timer.run()
    }, Math.max(0, timer.dueAt - now()))
    timer.handle.unref()
  }
  return {
    now,
    after(milliseconds, run) {
      const timer: Timer = { dueAt: now() + milliseconds, run, handle: null }
      timers.add(timer)
      arm(timer)
      return () => {
        timers.delete(timer)
        if (timer.handle) clearTimeout(timer.handle)
      }
    },
    async advance(milliseconds) {
      offset += milliseconds
      await fireDue(timers, now())
      for (const timer of timers) {
        if (timer.handle) clearTimeout(timer.handle)
        arm(timer)
      }
    },
  }
}

/**
 * A clock that stands still until a test moves it.
 * @param startMs milliseconds since the epoch
 */
export function createManualClock(startMs: number): SandboxClock {
  const timers = new Set<Timer>()
  let current = startMs
  return {
    now: () => current,
    after(milliseconds, run) {
      const timer: Timer = { dueAt: current + milliseconds, run, handle: null }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(milliseconds) {
      const target = current + milliseconds
      for (;;) {
        const next = [...timers].reduce((soonest, timer) => Math.min(soonest, timer.dueAt), Infinity)
        if (next > target) break
        current = Math.max(current, next)
        await fireDue(timers, current)
      }
      current = target
    },
  }
}
