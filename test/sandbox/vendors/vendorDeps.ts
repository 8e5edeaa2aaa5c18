import type { EffectLedger } from '../faults/effectLedger.ts'
import type { FaultPlan } from '../faults/faultPlan.ts'
import type { WireLog } from '../types.ts'
import type { WorldState } from '../world/state.ts'
import type { TokenKeeper } from './tokens.ts'

/** What every vendor host works on. */
export interface VendorDeps {
  readonly state: WorldState
  readonly tokens: TokenKeeper
  readonly wire: WireLog
  readonly faults: FaultPlan
  readonly effects: EffectLedger
}
