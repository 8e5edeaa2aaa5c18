import type { InjectionKey } from 'vue'
import type { LoginBounce } from '../api/loginBounce.ts'

/** What the browser gives the console beside the server. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  now(): number
  readonly login: LoginBounce
  /** Opens the login in a second window, so that what is being edited stays. */
  openLoginWindow(): void
  /** Puts text on the clipboard; rejects where the browser does not allow it. */
  copy(text: string): Promise<void>
}

/** Where stores and pages find the surroundings. */
export const surroundingsKey: InjectionKey<Surroundings> = Symbol('surroundings')
