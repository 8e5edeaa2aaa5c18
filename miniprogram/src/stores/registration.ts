import type { RegistrationEntry } from '@qihui/shared/registration'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, type Ref } from 'vue'
import { postConsent, postRegistration } from '../api/calls.ts'
import type { PhoneAnswer } from '../platform/phone.ts'
import { requestKey } from '../platform/requestKey.ts'
import { useEntryStore } from './entry.ts'
import { outcomeOf, type Obstacle } from './outcome.ts'
import { useSessionStore } from './session.ts'
import { endVisit } from './visit.ts'

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

const newAttempt = async (phoneCode: string): Promise<Attempt> => ({ phoneCode, idempotencyKey: await requestKey(), consentIds: null })

const channelOf = ({ channel }: RegistrationEntry) => (channel === null ? {} : { channelToken: channel.token })

/** Records the consent of an attempt, unless that is done already. */
async function withConsent(attempt: Attempt, entry: RegistrationEntry): Promise<Attempt & { consentIds: readonly string[] }> {
  const { consentIds } = attempt
  if (consentIds !== null) return { ...attempt, consentIds }
  const granted = await postConsent({ policyVersion: entry.policy.version, purposes: ['membership'], ...channelOf(entry) })
  return { ...attempt, consentIds: granted.consentIds }
}

/** Runs one piece of work at a time: a second tap while a request is on its way does nothing. */
function oneAtATime(isBusy: Ref<boolean>) {
  return async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await work()
    } finally {
      isBusy.value = false
    }
  }
}

/** The last step: from the tick and the authorised phone to a member. */
export const useRegistrationStore = defineStore('registration', () => {
  const session = useSessionStore()
  const source = useEntryStore()
  /** Ticked by the person on this very showing of the page. */
  const hasConsented = ref(false)
  const obstacle = ref<Obstacle | null>(null)
  const isSubmitting = ref(false)
  const exclusively = oneAtATime(isSubmitting)
  const attempt = shallowRef<Attempt | null>(null)
  /** Set once it is over; `recovered` means that this person had been a member all along. */
  const result = ref<'registered' | 'recovered' | null>(null)
  /** An authorised phone waits to be sent: the next tap needs no new question of WeChat. */
  const hasPhone = computed(() => attempt.value !== null)

  /** Nothing is ticked for anybody: each showing of the page starts without consent (trust 1.9, test 56). */
  function forgetConsent(): void {
    hasConsented.value = false
  }

  async function recover(error: unknown, phoneCode: string): Promise<void> {
    const outcome = outcomeOf(error)
    obstacle.value = outcome.obstacle
    if (outcome.fate === 'discard') attempt.value = null
    if (outcome.fate !== 'askConsentAgain') return
    forgetConsent()
    attempt.value = await newAttempt(phoneCode)
    await source.load()
  }

  async function send(): Promise<void> {
    const { entry } = source
    if (entry === null || attempt.value === null || !hasConsented.value) return
    const { phoneCode } = attempt.value
    obstacle.value = null
    try {
      const ready = await withConsent(attempt.value, entry)
      attempt.value = ready
      const body = { phoneCode, consentIds: [...ready.consentIds], policyVersion: entry.policy.version, formVersion: entry.form.version, ...channelOf(entry) }
      const answer = await postRegistration(body, ready.idempotencyKey)
      attempt.value = null
      session.welcome(answer.member)
      result.value = answer.outcome
      endVisit()
    } catch (error) {
      await recover(error, phoneCode)
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
      attempt.value = await newAttempt(answer.phoneCode)
      await send()
    })

  return { hasConsented, obstacle, isSubmitting, hasPhone, result, forgetConsent, submit, takePhone }
})
