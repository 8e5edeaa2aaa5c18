import type { AppError } from '@qihui/shared/errors'
import type { VendorOutcome } from '../metrics/createMetrics.ts'
import type { CallMeter } from './callMeter.ts'
import type { Circuit } from './circuit.ts'
import { createPathGates, type PathOutcome, type PathPass } from './pathGate.ts'
import { VendorRefusal } from './VendorRefusal.ts'

/** Frequency limit, and too many at once (platform 1.1). */
const frequencyErrcode = 45009
const crowdedErrcode = 45033
/** A call refused for crowding did nothing and asks again for a place, so often at most. */
const maxTurns = 6
const minuteMs = 60_000
const heldBackWords = 'held back until the window of the last refusal has passed'

interface Options {
  readonly vendor: string
  readonly now: () => Date
  readonly frequencyWindowsMs?: readonly number[]
  readonly meter?: CallMeter
  readonly circuit: Circuit
  readonly unavailable: () => AppError
}

function outcomeOf(error: unknown): PathOutcome {
  if (!(error instanceof VendorRefusal)) return 'silent'
  if (error.errcode === frequencyErrcode) return 'frequency'
  return error.errcode === crowdedErrcode ? 'crowded' : 'answered'
}

/** Lets a call leave when its API takes it: one place of few, outside the window of a refusal, and while the host answers at all. */
export function takeTurns(options: Options): <T>(path: string, work: () => Promise<T>) => Promise<T> {
  const { vendor, now, circuit, unavailable } = options
  const gateOf = createPathGates({ now, windowsMs: options.frequencyWindowsMs ?? [minuteMs] })

  /** Why a call must not leave now, or null. */
  function obstacleTo(path: string, pass: PathPass): Error | null {
    const heldBackMs = pass.heldBackMs()
    if (heldBackMs > 0) return new VendorRefusal(vendor, path, frequencyErrcode, heldBackWords, heldBackMs)
    return circuit.admit() ? null : unavailable()
  }

  async function oneTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    const pass = await gateOf(path).enter()
    const started = performance.now()
    const told = (outcome: VendorOutcome) => options.meter?.vendorCalled(vendor, path, outcome, (performance.now() - started) / 1000)
    const obstacle = pass === null ? unavailable() : obstacleTo(path, pass)
    if (pass === null || obstacle !== null) {
      pass?.leave(obstacle instanceof VendorRefusal ? 'heldBack' : 'silent')
      told('heldBack')
      throw obstacle
    }
    try {
      const answer = await work()
      pass.leave('answered')
      told('ok')
      return answer
    } catch (error) {
      pass.leave(outcomeOf(error))
      told(error instanceof VendorRefusal ? 'refused' : 'unavailable')
      throw error
    }
  }

  async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    for (let turn = 1; ; turn += 1) {
      try {
        return await oneTurn(path, work)
      } catch (error) {
        if (turn === maxTurns || !(error instanceof VendorRefusal) || error.errcode !== crowdedErrcode) throw error
      }
    }
  }

  return inTurn
}
