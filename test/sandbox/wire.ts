import type { SandboxClock, WireEntry, WireLog } from './types.ts'

/** Lines kept; older ones fall out so that a long run does not grow. */
const MAX_ENTRIES = 500

/** Live list of what went over the wire. The caller hands in lines that are already free of secrets, phones, tokens and codes. */
export function createWireLog(clock: SandboxClock): WireLog {
  const entries: WireEntry[] = []
  const listeners = new Set<(entry: WireEntry) => void>()
  let lastId = 0
  return {
    add(input) {
      lastId += 1
      const entry: WireEntry = { id: lastId, at: clock.now(), ...input }
      entries.push(entry)
      if (entries.length > MAX_ENTRIES) entries.shift()
      for (const listener of listeners) listener(entry)
    },
    entries: () => [...entries],
    onEntry(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
