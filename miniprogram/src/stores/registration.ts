import type { RegistrationEntry } from '@qihui/shared/registration'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { fetchEntry, postConsent, postRegistration } from '../api/calls.ts'
import type { PhoneAnswer } from '../platform/phone.ts'
import { requestKey } from '../platform/requestKey.ts'
import { outcomeOf, type Obstacle } from './outcome.ts'
import { useSessionStore } from './session.ts'
import { endVisit, keepVisit, type Visit } from './visit.ts'

/** One request that may have to be sent again; it stays the same until its outcome is known. */
interface Attempt {
  readonly phoneCode: string
  readonly idempotencyKey: string
  readonly consentIds: readonly string[] | null
}

const obstacleOfPhone = {
  refused: 'phoneRefused',
  quotaExhausted: 'quotaExhausted',
  privacyRefused: 'privacyRefused',
  privacyUndeclared: 'privacyUndeclared',
  unavailable: 'phoneUnavailable',
} as const satisfies Record<Exclude<PhoneAnswer['kind'], 'granted'>, Obstacle>

/** The way from a scanned code to a member. */
export const useRegistrationStore = defineStore('registration', () => {
  const session = useSessionStore()
  const token = ref<string | null>(null)
  const entry = shallowRef<RegistrationEntry | null>(null)
  const hasEntryFailed = ref(false)
  /** Ticked by the person on this very showing of the page. */
  const hasConsented = ref(false)
  const obstacle = ref<Obstacle | null>(null)
  const isSubmitting = ref(false)
  const attempt = shallowRef<Attempt | null>(null)
  /** Set once it is over; `recovered` means that this person had been a member all along. */
  const result = ref<'registered' | 'recovered' | null>(null)
  /** An authorised phone waits to be sent: the next tap needs no new question of WeChat. */
  const hasPhone = computed(() => attempt.value !== null)

  /** Remembers where the person came from; a new code replaces an older one. */
  function visit(step: Visit['step'], newToken: string | null = token.value): void {
    token.value = newToken
    keepVisit({ token: newToken, step, savedAt: Date.now() })
  }

  async function loadEntry(): Promise<void> {
    hasEntryFailed.value = false
    try {
      entry.value = await fetchEntry(token.value)
    } catch {
      hasEntryFailed.value = true
    }
  }

  /** Nothing is ticked for anybody: each showing of the page starts without consent (trust 1.9, test 56). */
  function forgetConsent(): void {
    hasConsented.value = false
  }

  async function submitOnce(current: RegistrationEntry, { phoneCode, idempotencyKey, consentIds }: Attempt) {
    const channel = current.channel === null ? {} : { channelToken: current.channel.token }
    const policyVersion = current.policy.version
    const ids = consentIds ?? (await postConsent({ policyVersion, purposes: ['membership'], ...channel })).consentIds
    attempt.value = { phoneCode, idempotencyKey, consentIds: ids }
    return postRegistration({ phoneCode, consentIds: [...ids], policyVersion, formVersion: current.form.version, ...channel }, idempotencyKey)
  }

  async function recover(error: unknown, phoneCode: string): Promise<void> {
    const outcome = outcomeOf(error)
    obstacle.value = outcome.obstacle
    if (outcome.fate === 'discard') attempt.value = null
    if (outcome.fate !== 'askConsentAgain') return
    forgetConsent()
    attempt.value = { phoneCode, idempotencyKey: await requestKey(), consentIds: null }
    await loadEntry()
  }

  async function send(): Promise<void> {
    const current = entry.value
    const pending = attempt.value
    if (current === null || pending === null || !hasConsented.value) return
    try {
      const answer = await submitOnce(current, pending)
      attempt.value = null
      session.welcome(answer.member)
      result.value = answer.outcome
      endVisit()
    } catch (error) {
      await recover(error, pending.phoneCode)
    }
  }

  /** One thing at a time: a second tap while a request is on its way does nothing. */
  async function exclusively(work: () => Promise<void>): Promise<void> {
    if (isSubmitting.value) return
    isSubmitting.value = true
    obstacle.value = null
    try {
      await work()
    } finally {
      isSubmitting.value = false
    }
  }

  /** Sends the waiting attempt again; without consent nothing leaves the phone. */
  const submit = () => exclusively(send)

  /** The answer of the phone button: a code starts the registration, anything else is explained. */
  const takePhone = (answer: PhoneAnswer) =>
    exclusively(async () => {
      if (answer.kind !== 'granted') {
        obstacle.value = obstacleOfPhone[answer.kind]
        return
      }
      attempt.value = { phoneCode: answer.phoneCode, idempotencyKey: await requestKey(), consentIds: null }
      await send()
    })

  return { token, entry, hasEntryFailed, hasConsented, obstacle, isSubmitting, hasPhone, result, visit, loadEntry, forgetConsent, submit, takePhone }
})
