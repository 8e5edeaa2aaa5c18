/** What the platform really did, by what makes two calls the same effect: the proof that nothing landed twice. */
export interface EffectLedger {
  /** Told by the vendors once a call has taken effect. */
  done(path: string, key: string): void
  /** How often each key of a path took effect. */
  of(path: string): ReadonlyMap<string, number>
}

/** Counts in memory only: a restarted sandbox starts from nothing. */
export function createEffectLedger(): EffectLedger {
  const byPath = new Map<string, Map<string, number>>()
  return {
    done(path, key) {
      const counts = byPath.get(path) ?? new Map<string, number>()
      byPath.set(path, counts)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    of: (path) => byPath.get(path) ?? new Map(),
  }
}
