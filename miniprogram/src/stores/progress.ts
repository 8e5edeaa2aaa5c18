import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '../api/ApiError.ts'
import { fetchDraft, type Draft } from '../api/calls.ts'
import { useConsentStore } from './consent.ts'
import { useEntryStore } from './entry.ts'
import { useFormStore } from './form.ts'

/** What of the registration is on the screen. */
type Phase = 'opening' | 'unreachable' | 'fields' | 'finish' | 'challenge'

/** Kept as the step once every step of the form is done; forms have at most ten. */
const pastForm = 11

/** Whoever cannot have a session has no draft either: the registration itself says why. */
const isSessionRefused = (error: unknown) => error instanceof ApiError && (error.code.startsWith('login.') || error.code.startsWith('session.'))

async function readDraft(): Promise<Draft | null> {
  try {
    return (await fetchDraft()).draft
  } catch (error) {
    if (isSessionRefused(error)) return null
    throw error
  }
}

/** Where somebody stands in the registration, and how they get on after the mini-program was closed in the middle of it. */
export const useProgressStore = defineStore('progress', () => {
  const source = useEntryStore()
  const form = useFormStore()
  const consent = useConsentStore()
  const phase = ref<Phase>('opening')
  const step = ref<number | null>(null)
  const draft = shallowRef<Draft | null>(null)
  /** When the server last sent a code by SMS, milliseconds; 0 when that was in an earlier sitting. */
  const challengedAt = ref(0)
  /** WeChat has verified the phone already: it is not asked for a second time. */
  const hasPhone = computed(() => draft.value?.hasPhone === true)
  const position = computed(() => ({ now: form.steps.indexOf(step.value ?? 0) + 1, of: form.steps.length }))

  /** Shows a step of the form, or what comes after the form. */
  function goTo(next: number | null): void {
    step.value = next
    phase.value = next === null ? 'finish' : 'fields'
    source.reach('register', next ?? (form.steps.length === 0 ? null : pastForm))
  }

  function challenge(): void {
    challengedAt.value = Date.now()
    phase.value = 'challenge'
  }

  const advance = () => goTo(form.steps.find((one) => one > (step.value ?? pastForm)) ?? null)
  const goBack = () => goTo([...form.steps].reverse().find((one) => one < (step.value ?? pastForm)) ?? step.value)

  /** The step of the first field in `keys` that is asked; null when none of them is. */
  const stepWith = (keys: readonly string[]) => form.steps.find((one) => form.fieldsOf(one).some(({ key }) => keys.includes(key))) ?? null

  /** Asks the server once more what it has kept. What is known stays when it does not answer. */
  async function reread(): Promise<void> {
    draft.value = await fetchDraft().then((answer) => answer.draft, () => draft.value)
  }

  /** The step an earlier sitting ended at, null past the form. A form that changed since is gone through again, with its values. */
  async function stepLeft(): Promise<number | null> {
    const first = form.steps[0] ?? null
    if (first === null || !consent.isGiven || draft.value?.formVersion !== source.entry?.form.version) return first
    const reached = source.visit?.formStep ?? first
    await form.save()
    return stepWith(Object.keys(form.problems)) ?? form.steps.find((one) => one >= reached) ?? null
  }

  async function resume(): Promise<void> {
    goTo(await stepLeft())
    if (phase.value !== 'finish' || !consent.isGiven || draft.value?.isChallenged !== true) return
    // The code was asked for after the answers had been confirmed.
    form.isEchoConfirmed = true
    phase.value = 'challenge'
  }

  /** Reads form, draft and consents, and goes on where somebody left off. */
  async function open(): Promise<void> {
    phase.value = 'opening'
    try {
      const [kept] = await Promise.all([readDraft(), consent.loadStandings(), source.entry === null ? source.load() : undefined])
      if (source.entry === null) throw new ApiError('network.unreachable')
      draft.value = kept
      consent.takeUp(kept)
      form.takeUp(kept)
      await resume()
    } catch {
      phase.value = 'unreachable'
    }
  }

  return { phase, step, position, draft, challengedAt, hasPhone, open, reread, goTo, challenge, advance, goBack, stepWith }
})
