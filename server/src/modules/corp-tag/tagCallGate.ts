/** Lets at most so many run at once; the others wait their turn. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>
}

/** One gate for everything that calls `mark_tag`, whatever job asks: more than five at once refuse each other (trust test 15). */
export function createGate(limit: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    async run(work) {
      if (running < limit) running += 1
      // Who is woken takes over the place of who wakes.
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
