import { randomInt } from 'node:crypto'
import { createRandom } from '../../sandbox/world/random.ts'

/** Everything a plan leaves to chance comes from one seed: `FAULT_SEED`, or a new one that is printed. */
export interface Chance {
  readonly seed: number
  /** In [0, 1). */
  next(): number
  /** From 0 to `count - 1`. */
  below(count: number): number
  /** The same things in another order. */
  shuffled<T>(things: readonly T[]): T[]
}

export function chanceOf(seed: number): Chance {
  const next = createRandom(seed)
  const below = (count: number): number => Math.floor(next() * count)
  return {
    seed,
    next,
    below,
    shuffled(things) {
      const left = [...things]
      for (let index = left.length - 1; index > 0; index -= 1) {
        const other = below(index + 1)
        const kept = left[index] as (typeof left)[number]
        left[index] = left[other] as (typeof left)[number]
        left[other] = kept
      }
      return left
    },
  }
}

/** The seed of this run, printed so that a failure can be repeated with `FAULT_SEED=…`. */
export function chanceOfRun(name: string): Chance {
  const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31))
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('FAULT_SEED must be a whole number from 0 up')
  console.info(`${name}: FAULT_SEED=${seed}`)
  return chanceOf(seed)
}

/** A size of the plan: small unless the environment asks for more. */
export function sizeOf(name: string, small: number): number {
  const size = Number(process.env[name] ?? small)
  if (!Number.isSafeInteger(size) || size < 1) throw new Error(`${name} must be a whole number from 1 up`)
  return size
}
