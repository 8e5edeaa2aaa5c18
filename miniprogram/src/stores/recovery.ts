import type { Ref } from 'vue'
import { useConsentStore } from './consent.ts'
import { useEntryStore } from './entry.ts'
import { useFormStore } from './form.ts'
import { outcomeOf, wrongAnswers, type AttemptFate, type Obstacle } from './outcome.ts'
import { useProgressStore } from './progress.ts'

/** What a failed attempt leaves behind. */
interface Failed {
  readonly obstacle: Ref<Obstacle | null>
  readonly phoneCode: Ref<string | null>
  readonly forgetAttempt: () => void
}

/** Goes back to where something has to be done before the next request. */
async function turnBack(fate: AttemptFate): Promise<void> {
  const source = useEntryStore()
  const consent = useConsentStore()
  const form = useFormStore()
  const progress = useProgressStore()
  if (fate === 'askConsentAgain') {
    consent.askAgain()
    await Promise.all([source.load(), consent.loadStandings()])
  }
  if (fate === 'askFormAgain') {
    await source.load()
    progress.goTo(form.steps[0] ?? null)
  }
  if (progress.phase === 'challenge' && fate !== 'challenge' && fate !== 'renew') progress.goTo(null)
  // Without an answer the old echo is shown; the server refuses it again.
  if (fate === 'confirmAgain') await form.save().catch(() => (form.isEchoConfirmed = false))
  if (fate === 'challenge') progress.challenge()
}

/** After a call of the registration failed: says why, keeps what is still good, and goes back to where something has to be done. */
export function createRecovery({ obstacle, phoneCode, forgetAttempt }: Failed) {
  const form = useFormStore()
  const progress = useProgressStore()
  return async (error: unknown): Promise<void> => {
    const wrong = wrongAnswers(error)
    const step = progress.stepWith(wrong.map(({ key }) => key))
    const { obstacle: found, fate } = step === null ? outcomeOf(error) : { obstacle: 'answersWrong' as const, fate: 'renew' as const }
    if (fate !== 'repeat') {
      forgetAttempt()
      await progress.reread()
      if (fate === 'discardPhone' || progress.hasPhone) phoneCode.value = null
      await turnBack(fate)
    }
    if (step !== null) {
      progress.goTo(step)
      form.refuse(wrong)
    }
    obstacle.value = found
  }
}
