import { defineStore } from 'pinia'
import { computed, ref, type Ref } from 'vue'
import type { PhoneAnswer } from '../platform/phone.ts'
import { createAgreement } from './agreement.ts'
import { recordConsent } from './consent.ts'
import { useEntryStore } from './entry.ts'
import { useFormStore } from './form.ts'
import type { Obstacle } from './outcome.ts'
import { useProgressStore } from './progress.ts'
import { useSessionStore } from './session.ts'
import { createSubmission } from './submission.ts'

const obstacleOfPhone = {
  refused: 'phoneRefused',
  quotaExhausted: 'quotaExhausted',
  privacyRefused: 'privacyRefused',
  privacyUndeclared: 'privacyUndeclared',
  unavailable: 'phoneUnavailable',
} as const satisfies Record<Exclude<PhoneAnswer['kind'], 'granted'>, Obstacle>

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

/** From the ticks, the answers and the authorised phone to a member. */
export const useRegistrationStore = defineStore('registration', () => {
  const session = useSessionStore()
  const source = useEntryStore()
  const form = useFormStore()
  const progress = useProgressStore()
  const agreement = createAgreement()
  const { sensitive, isAgreed, insist } = agreement
  const obstacle = ref<Obstacle | null>(null)
  const isSubmitting = ref(false)
  const exclusively = oneAtATime(isSubmitting)
  const { phoneCode, result, consents, recover, send } = createSubmission(obstacle, agreement)
  /** WeChat's own sheet covers the page: its coming and going is no new showing of the page. */
  const isAskingPhone = ref(false)
  /** An authorised phone waits, here or with the server: the next tap needs no new question of WeChat. */
  const hasPhone = computed(() => phoneCode.value !== null || progress.hasPhone)
  /** Somebody of ours has entered this person with a phone: confirming takes no second one. */
  const isConfirmation = computed(() => source.isConfirmation || session.awaitsConfirmation)

  /** The tap that opens WeChat's sheet. */
  function askPhone(): void {
    isAskingPhone.value = true
    if (source.entry !== null) consents.begin(source.entry, sensitive.value)
  }

  /** The answer of the phone button: a code starts the registration, anything else is explained. */
  const takePhone = (answer: PhoneAnswer) =>
    exclusively(async () => {
      isAskingPhone.value = false
      phoneCode.value = answer.kind === 'granted' ? answer.phoneCode : null
      if (answer.kind === 'granted') return send(null)
      obstacle.value = obstacleOfPhone[answer.kind]
      consents.forget()
    })

  /** Sends the registration, again if need be, with the six digits when they were asked for. Without consent nothing leaves the phone. */
  const submit = (challengeCode: string | null = null) => exclusively(() => send(challengeCode))

  /** Finishes the step on the screen: records its consents, has the answers read, goes on. */
  const finishStep = () =>
    exclusively(async () => {
      const { entry } = source
      const isFilledIn = form.check(progress.step)
      if (entry === null || !insist() || !isFilledIn) return
      obstacle.value = null
      try {
        await recordConsent(entry, sensitive.value)
        await form.save()
        const wrong = progress.stepWith(Object.keys(form.problems))
        if (wrong === null || wrong > (progress.step ?? 0)) progress.advance()
        else progress.goTo(wrong)
      } catch (error) {
        await recover(error)
      }
    })

  return { obstacle, isSubmitting, isAskingPhone, isAgreed, hasPhone, isConfirmation, result, submit, askPhone, takePhone, finishStep }
})
