/** A held message goes out after the next one, or after this time when none follows. Real milliseconds. */
const MAX_HOLD_MS = 250

export interface ReorderGate {
  /** Waits until another message has passed. */
  hold(): Promise<void>
  /** A message has passed: whoever waits may follow. */
  passed(): void
}

export function createReorderGate(): ReorderGate {
  const waiting = new Set<() => void>()
  return {
    hold() {
      return new Promise((resolve) => {
        const release = (): void => {
          clearTimeout(timer)
          waiting.delete(release)
          resolve()
        }
        const timer = setTimeout(release, MAX_HOLD_MS)
        waiting.add(release)
      })
    },
    passed() {
      for (const release of [...waiting]) release()
    },
  }
}
