import type { InjectionKey } from 'vue'
import type { LoginBounce } from '../api/loginBounce.ts'
import type { CardSnapshots } from './stores/cardSnapshots.ts'

/** What the browser gives the sidebar beside the client and the server. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  now(): number
  /** The page's address without the fragment: what the client checks a signature against. */
  pageUrl(): string
  /** For the little that is remembered between two openings: the session storage. */
  readonly storage: Storage
  readonly login: LoginBounce
  readonly snapshots: CardSnapshots
}

/** Where stores find the surroundings. */
export const surroundingsKey: InjectionKey<Surroundings> = Symbol('surroundings')
