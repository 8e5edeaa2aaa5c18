import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { consoleApiKey, type Operator } from '../../api/consoleApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'

/** Who uses the console, and whether the server still knows them. */
export const useSessionStore = defineStore('session', () => {
  const api = useProvided(consoleApiKey)
  const { login, openLoginWindow } = useProvided(surroundingsKey)
  /** `loginFailed`: we have just come from the login and are not logged in all the same. */
  const state = ref<'opening' | 'open' | 'denied' | 'loginFailed' | 'failed' | 'closed'>('opening')
  const self = shallowRef<Operator | null>(null)
  const failure = shallowRef<Failure | null>(null)
  /** The session ended while somebody was at work: nothing on the page may be lost. */
  const isExpired = ref(false)
  /** Grows with every renewed login; lists that failed for want of one ask again. */
  const renewals = ref(0)

  function enter(operator: Operator): void {
    login.succeeded()
    self.value = operator
    failure.value = null
    state.value = operator.isOperator ? 'open' : 'denied'
  }

  function refuse(error: unknown): void {
    failure.value = failureFor(error)
    if (failure.value.kind !== 'expired') state.value = 'failed'
    else if (!login.tryOnce()) state.value = 'loginFailed'
  }

  /** First thing the page does; leaves for the login when there is no session. */
  async function open(): Promise<void> {
    state.value = 'opening'
    try {
      enter(await api.self())
    } catch (error) {
      refuse(error)
    }
  }

  /** Told of every failed call. */
  function see(seen: Failure): void {
    if (seen.kind === 'expired') isExpired.value = true
  }

  /** After a login in the second window. Answers false while the server still does not know us. */
  async function resume(): Promise<boolean> {
    try {
      enter(await api.self())
    } catch {
      return false
    }
    isExpired.value = false
    renewals.value += 1
    return true
  }

  async function close(): Promise<void> {
    await api.logOut()
    state.value = 'closed'
  }

  return { state, self, failure, isExpired, renewals, open, see, resume, close, logIn: login.again, openLoginWindow }
})
