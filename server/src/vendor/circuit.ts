const failuresToOpen = 5
const openMs = 10_000

/** Spares a host that does not answer, and the people who would wait for it. */
export interface Circuit {
  /** Whether a call may leave now. Who got a yes tells how it ended. */
  admit(): boolean
  succeeded(): void
  failed(): void
}

/**
 * After five failures in a row calls are refused at once for 10 s. Then it is half open: one call tries, the others are refused
 * until it has ended; its success closes the circuit, its failure opens it for another 10 s.
 */
export function createCircuit(now: () => Date): Circuit {
  let failures = 0
  let openUntil = 0
  let isTrialOut = false
  return {
    admit() {
      if (failures < failuresToOpen) return true
      if (isTrialOut || now().getTime() < openUntil) return false
      isTrialOut = true
      return true
    },
    succeeded() {
      failures = 0
      isTrialOut = false
    },
    failed() {
      failures += 1
      isTrialOut = false
      if (failures >= failuresToOpen) openUntil = now().getTime() + openMs
    },
  }
}
