import { ref, type Ref } from 'vue'
import { postRegistration } from '../api/calls.ts'
import type { createAgreement } from './agreement.ts'
import { createAttempts, registrationBody } from './attempt.ts'
import { createEarlyConsent } from './consent.ts'
import { useEntryStore } from './entry.ts'
import type { Obstacle } from './outcome.ts'
import { createRecovery } from './recovery.ts'
import { useSessionStore } from './session.ts'
import { endVisit } from './visit.ts'

/** The request that makes the member, and what has to be remembered until its outcome is known. */
export function createSubmission(obstacle: Ref<Obstacle | null>, { sensitive, insist }: ReturnType<typeof createAgreement>) {
  const session = useSessionStore()
  const source = useEntryStore()
  const attempts = createAttempts()
  const consents = createEarlyConsent()
  /** Authorised on WeChat's sheet and not with the server yet, as far as is known. */
  const phoneCode = ref<string | null>(null)
  /** Set once it is over; `recovered` means that this person had been a member all along. */
  const result = ref<'registered' | 'recovered' | null>(null)
  const recover = createRecovery({ obstacle, phoneCode, forgetAttempt: attempts.forget })

  /** Sends what the stores know; without the ticks it needs nothing leaves the phone. */
  async function send(challengeCode: string | null): Promise<void> {
    const { entry } = source
    if (entry === null || !insist()) return
    obstacle.value = null
    try {
      await consents.settle(entry, sensitive.value)
      const body = registrationBody(entry, { phoneCode: phoneCode.value, challengeCode })
      const answer = await postRegistration(body, await attempts.keyFor(body))
      phoneCode.value = null
      session.welcome(answer.member)
      result.value = answer.outcome
      endVisit()
    } catch (error) {
      await recover(error)
    }
  }

  return { phoneCode, result, consents, recover, send }
}
