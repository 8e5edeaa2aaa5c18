import { createRandom } from '../world/random.ts'
import { createHash } from 'node:crypto'

/** `hold`: the platform has done what was asked, and its answer never comes; whoever listens to `onHeld` may kill the caller meanwhile. */
export type VendorFaultKind = 'delay' | 'drop' | 'duplicate' | 'reorder' | 'http5xx' | 'errcode' | 'html' | 'halfOpen' | 'hold'
/** `lostAnswer`: our server answered, the platform did not hear it and tries again. */
export type CallbackFaultKind = 'delay' | 'drop' | 'duplicate' | 'reorder' | 'lostAnswer' | 'halfOpen'

export interface FaultRule<Kind extends string> {
  readonly kind: Kind
  /** 0 to 1, of the calls the rule applies to. */
  readonly probability: number
  /** Path (or change type of a callback) the rule is for; every one when absent. */
  readonly path?: string
  /** `delay`: longest delay in real milliseconds; the chosen one is between 0 and it. */
  readonly delayMs?: number
  /** `errcode`: what is answered, default -1. */
  readonly errcode?: -1 | 45009 | 40014 | 42001
  /** The rule ends after it fired this often. */
  readonly times?: number
}

export interface FaultScript {
  readonly seed: number
  readonly vendor?: ReadonlyArray<FaultRule<VendorFaultKind>>
  readonly callback?: ReadonlyArray<FaultRule<CallbackFaultKind>>
}

export interface Fault<Kind extends string> {
  readonly kind: Kind
  readonly delayMs: number
  readonly errcode: number
}

export interface FaultPlan {
  /** Starts a script; the n-th call of a path meets the same fault on every run with the same seed. Prints the seed. */
  start(script: FaultScript): void
  stop(): void
  forVendor(path: string): Fault<VendorFaultKind> | null
  forCallback(changeType: string): Fault<CallbackFaultKind> | null
  /** Calls the listener with the path whenever an answer is held; the answer ends it. */
  onHeld(listener: (path: string) => void): () => void
  /** Told by the vendors: what was asked is done, and nobody hears of it. */
  held(path: string): void
  /** `seed 42: 17 faults (delay 9, drop 8)`. */
  describe(): string
}

/** Numbers that depend on seed, direction, path and how often the path was met, not on the order among paths. */
function chanceFor(seed: number, direction: string, path: string, occurrence: number): () => number {
  const digest = createHash('sha256').update(`${seed}|${direction}|${path}|${occurrence}`).digest()
  return createRandom(digest.readUInt32BE(0))
}

/**
 * Off until `start`. @param print where the seed goes, so that a failed run can be repeated
 */
export function createFaultPlan(print: (line: string) => void): FaultPlan {
  let script: FaultScript | null = null
  const occurrences = new Map<string, number>()
  const fired = new Map<string, number>()
  const firedByRule = new Map<object, number>()
  const heldListeners = new Set<(path: string) => void>()

  function choose<Kind extends string>(direction: string, path: string, rules: ReadonlyArray<FaultRule<Kind>>, seed: number): Fault<Kind> | null {
    const key = `${direction} ${path}`
    const occurrence = (occurrences.get(key) ?? 0) + 1
    occurrences.set(key, occurrence)
    const chance = chanceFor(seed, direction, path, occurrence)
    for (const rule of rules) {
      if (rule.path !== undefined && rule.path !== path) continue
      const isHit = chance() < rule.probability
      const count = firedByRule.get(rule) ?? 0
      if (!isHit || count >= (rule.times ?? Infinity)) continue
      firedByRule.set(rule, count + 1)
      fired.set(rule.kind, (fired.get(rule.kind) ?? 0) + 1)
      return { kind: rule.kind, delayMs: Math.floor(chance() * (rule.delayMs ?? 0)), errcode: rule.errcode ?? -1 }
    }
    return null
  }

  return {
    start(next) {
      script = next
      occurrences.clear()
      fired.clear()
      firedByRule.clear()
      print(`sandbox faults on, seed ${next.seed}`)
    },
    stop() {
      script = null
    },
    forVendor: (path) => (script?.vendor ? choose('vendor', path, script.vendor, script.seed) : null),
    forCallback: (changeType) => (script?.callback ? choose('callback', changeType, script.callback, script.seed) : null),
    onHeld(listener) {
      heldListeners.add(listener)
      return () => void heldListeners.delete(listener)
    },
    held(path) {
      for (const listener of [...heldListeners]) listener(path)
    },
    describe() {
      const parts = [...fired].map(([kind, count]) => `${kind} ${count}`)
      const total = [...fired.values()].reduce((sum, count) => sum + count, 0)
      return `seed ${script?.seed ?? 'none'}: ${total} faults${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
    },
  }
}
