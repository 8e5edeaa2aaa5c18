/** A bounded number of places; who comes later waits in line. */
export interface Slots {
  /** Resolves with the function that gives the place back. */
  enter(): Promise<() => void>
}

export function createSlots(limit: number): Slots {
  const waiting: Array<() => void> = []
  let taken = 0
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else taken -= 1
  }
  return {
    async enter() {
      if (taken >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
      else taken += 1
      return leave
    },
  }
}
