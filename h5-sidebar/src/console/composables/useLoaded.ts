import { shallowReactive, watch } from 'vue'
import { useProvided } from '../../composables/useProvided.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { useSessionStore } from '../stores/session.ts'
import { surroundingsKey } from '../surroundings.ts'

/** Something a screen shows, asked of the server. What was shown stays when a later answer does not come. */
export interface Loaded<T> {
  data: T | null
  failure: Failure | null
  isLoading: boolean
  /** When `data` came, milliseconds since the epoch. */
  receivedAt: number
  reload(): Promise<void>
}

/** Asks at once, and again on `reload`; the answer to an older question is dropped. */
export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const session = useSessionStore()
  const { now } = useProvided(surroundingsKey)
  let asked = 0
  const loaded: Loaded<T> = shallowReactive({ data: null, failure: null, isLoading: false, receivedAt: 0, reload })

  async function reload(): Promise<void> {
    const turn = ++asked
    loaded.isLoading = true
    try {
      const data = await ask()
      if (turn === asked) Object.assign(loaded, { data, failure: null, receivedAt: now() })
    } catch (error) {
      if (turn !== asked) return
      loaded.failure = failureFor(error)
      session.see(loaded.failure)
    } finally {
      if (turn === asked) loaded.isLoading = false
    }
  }

  watch(
    () => session.renewals,
    () => loaded.failure?.kind === 'expired' && reload(),
  )
  void reload()
  return loaded
}
