import type { SandboxClock, WireLog, World } from '../types.ts'

/** What the stage needs from the sandbox it is mounted in. */
export interface StageContext {
  readonly world: World
  readonly clock: SandboxClock
  readonly wire: WireLog
  /** Address of the product's server behind the gateway; null: none. */
  readonly serverUrl: string | null
  /** Folder of the mini-program build the phone runs; without it the phone says what to build. */
  readonly miniProgramDist?: string | undefined
  /** Key of the simulated shop for `/api/integration/orders`; without it paying is refused with a clear line. */
  readonly integrationKey?: string | undefined
}
