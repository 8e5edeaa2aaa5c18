import type { DeadLetterChoice } from '@qihui/shared/health'
import { ref } from 'vue'
import { consoleApiKey } from '../../../api/consoleApi.ts'
import type { DeadLetterOutcome, DiscardReason } from '../../../api/healthApi.ts'
import { useProvided } from '../../../composables/useProvided.ts'
import { useAction } from '../../composables/useAction.ts'

/** How far an act on many has come. */
export interface Progress {
  readonly handled: number
  readonly left: number
}

/** Runs letters again or drops them, batch by batch until none of those meant is left; the progress is told on the way. */
export function useLetterActs() {
  const api = useProvided(consoleApiKey)
  const action = useAction()
  const progress = ref<Progress | null>(null)

  async function batches(send: () => Promise<DeadLetterOutcome>): Promise<number> {
    let total = 0
    for (;;) {
      const { handled, left } = await send()
      total += handled
      progress.value = { handled: total, left }
      // None handled: somebody else holds the rest.
      if (left === 0 || handled === 0) return total
    }
  }

  /** @returns how many, or null when it failed; what was handled before the failure stays handled */
  async function act(send: () => Promise<DeadLetterOutcome>): Promise<number | null> {
    progress.value = null
    const done = await action.run(() => batches(send))
    progress.value = null
    return done?.value ?? null
  }

  return {
    action,
    progress,
    replay: (job: string, choice: DeadLetterChoice) => act(() => api.replayDeadLetters(job, choice)),
    discard: (job: string, choice: DeadLetterChoice, reason: DiscardReason) => act(() => api.discardDeadLetters(job, choice, reason)),
  }
}
