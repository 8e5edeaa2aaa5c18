import { shallowReactive } from 'vue'
import { randomId } from '../../api/randomId.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { useSessionStore } from '../stores/session.ts'

interface Done<T> {
  readonly value: T
}

/** One thing an operator can do on a screen. */
export interface Action {
  isBusy: boolean
  failure: Failure | null
  /** Runs once at a time. Null when it failed; `failure` says why. */
  run<T>(act: () => Promise<T>): Promise<Done<T> | null>
  /** The key for sending `body`: the same while the same thing is tried again, a new one after success or a change. */
  keyFor(body: unknown): string
}

export function useAction(): Action {
  const session = useSessionStore()
  let intention = { body: '', key: '' }
  const action: Action = shallowReactive({ isBusy: false, failure: null, run, keyFor })

  async function run<T>(act: () => Promise<T>): Promise<Done<T> | null> {
    if (action.isBusy) return null
    action.isBusy = true
    action.failure = null
    try {
      const value = await act()
      intention = { body: '', key: '' }
      return { value }
    } catch (error) {
      action.failure = failureFor(error)
      session.see(action.failure)
      return null
    } finally {
      action.isBusy = false
    }
  }

  function keyFor(body: unknown): string {
    const text = JSON.stringify(body)
    if (text !== intention.body) intention = { body: text, key: randomId() }
    return intention.key
  }

  return action
}
