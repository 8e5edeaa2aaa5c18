import { readStored, writeStored } from '../platform/storage.ts'

const key = 'qihui.lastAsked'
/** An optional purpose is offered at most once in this time, also to somebody who never answered (App method III.4). */
const restMs = 30 * 24 * 60 * 60 * 1000

/** Whether a question may be put at `at`: not put within 30 days, as far as this phone knows. */
export function mayPut(at: number): boolean {
  const stored = readStored(key)
  const putAt = typeof stored === 'object' && stored !== null && 'at' in stored ? Number(stored.at) : 0
  return !(at - putAt < restMs)
}

/** Remembers that a question was put; not which, and not what was answered. */
export function notePut(at: number): void {
  writeStored(key, { at })
}
