import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of /proc are hundredths of a second on every Linux there is. */
const TICK_US = 10_000

interface ProcessTimes {
  readonly parent: number
  /** User and system time of the process, microseconds. */
  readonly own: number
  /** The same of its children that have ended. */
  readonly ended: number
}

function timesOf(pid: number | string): ProcessTimes | null {
  try {
    // The command in parentheses may hold spaces; everything after the last one is numbers.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    const ticks = (index: number) => Number(fields[index]) * TICK_US
    return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) }
  } catch {
    return null
  }
}

/** CPU time a PostgreSQL has used so far, all its processes together, in microseconds; 0 where /proc does not exist. */
export function postgresCpuUs(postmasterPid: number): number {
  const postmaster = timesOf(postmasterPid)
  if (!postmaster) return 0
  let total = postmaster.own + postmaster.ended
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(name) : null
    if (times?.parent === postmasterPid) total += times.own + times.ended
  }
  return total
}

/** CPU time of one process so far, microseconds. */
export function processCpuUs(pid: number): number {
  return timesOf(pid)?.own ?? 0
}
