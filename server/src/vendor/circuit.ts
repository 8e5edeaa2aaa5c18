const failuresToOpen = 5
const openMs = 10_000

/** Spares a host that does not answer, and the people who would wait for it. */
export interface Circuit {
  isClosed(): boolean
  succeeded(): void
  failed(): void
}

/** After five failures in a row calls are refused at once for 10 s; then one success closes it and one failure opens it again. */
export function createCircuit(now: () => Date): Circuit {
  let failures = 0
  let openUntil = 0
  return {
    isClosed: () => now().getTime() >= openUntil,
    succeeded() {
      failures = 0
    },
    failed() {
      failures += 1
      if (failures >= failuresToOpen) openUntil = now().getTime() + openMs
    },
  }
}
