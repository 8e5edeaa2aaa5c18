import { asTyped, readAnswers, type AnswerValue } from '@qihui/shared/form'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { inviteApiKey, type Draft, type SavedDraft } from '../../api/inviteApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { surroundingsKey } from '../surroundings.ts'
import { useInvitePage } from './page.ts'

/** What somebody fills in, step by step. The values live here and with the server, never in the storage of the browser. */
export const useAnswers = defineStore('inviteAnswers', () => {
  const api = useProvided(inviteApiKey)
  const { token } = useProvided(surroundingsKey)
  const page = useInvitePage()
  const answers = ref<Readonly<Record<string, AnswerValue>>>({})
  const problems = ref<Readonly<Record<string, string>>>({})
  const echo = shallowRef<SavedDraft['echo']>([])
  const stepIndex = ref(0)

  /** What the shared rules make of the answers so far: which fields are asked, which are sensitive. What they mean is decided by the server. */
  const read = computed(() => readAnswers({ fields: page.invite?.form.fields ?? [] }, answers.value, asTyped))
  const steps = computed(() => [...new Set(read.value.asked.map(({ step }) => step))])
  const isLastStep = computed(() => stepIndex.value >= steps.value.length - 1)
  const shown = computed(() => read.value.asked.filter(({ step }) => step === steps.value[stepIndex.value]))
  const isShown = (key: string) => shown.value.some((field) => field.key === key)
  const sensitive = computed(() => read.value.sensitive.filter(isShown))
  /** Answers of fields that are asked: what became hidden again is not sent. */
  const sent = computed(() => {
    const kept: Record<string, AnswerValue> = {}
    for (const { key } of read.value.asked) {
      const value = answers.value[key]
      if (value !== undefined) kept[key] = value
    }
    return kept
  })
  /** What the person confirms with one tap before the registration (R14). */
  const toConfirm = computed(() => echo.value.filter(({ key }) => read.value.asked.some((field) => field.key === key && field.confirmation === 'echo')))

  /** An empty answer takes the old one back. */
  function answer(key: string, value: AnswerValue | ''): void {
    const { [key]: _before, ...others } = answers.value
    answers.value = value === '' ? others : { ...others, [key]: value }
    const { [key]: _solved, ...left } = problems.value
    problems.value = left
  }

  /** Answers of an earlier sitting; what was typed since then stays. */
  function takeUp(draft: Draft | null): void {
    answers.value = { ...draft?.answers, ...answers.value }
  }

  function refuse(found: readonly { readonly key: string; readonly message: string }[]): boolean {
    const next: Record<string, string> = {}
    for (const { key, message } of found) next[key] = message
    problems.value = next
    return found.length > 0
  }

  /** Says what is missing on this step without asking the server. */
  const check = () => !refuse(read.value.problems.filter(({ key }) => isShown(key)))

  /** Hands the answers so far to the server, which says how it understood them. True when this step stands. @throws ApiProblem */
  async function save(formVersion: string): Promise<boolean> {
    if (Object.keys(sent.value).length === 0) return true
    const saved = await api.saveDraft({ channelToken: token, formVersion, answers: sent.value })
    echo.value = saved.echo
    return !refuse(saved.problems.filter(({ key }) => isShown(key)))
  }

  return { answers, problems, stepIndex, steps, isLastStep, shown, sensitive, sent, toConfirm, answer, takeUp, refuse, check, save }
})
