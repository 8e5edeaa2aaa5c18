import { asTyped, readAnswers, type AnswerValue } from '@qihui/shared/form'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { putDraft, type Draft, type SavedDraft } from '../api/calls.ts'
import { channelTokenOf } from './channelTokenOf.ts'
import { useEntryStore } from './entry.ts'

/** What somebody fills in, step by step. The values live here and with the server, never in the storage of the phone. */
export const useFormStore = defineStore('form', () => {
  const source = useEntryStore()
  const answers = ref<Readonly<Record<string, AnswerValue>>>({})
  /** What has to change, by field. */
  const problems = ref<Readonly<Record<string, string>>>({})
  /** Words of a chosen region: its answer is only a code. */
  const names = ref<Readonly<Record<string, string>>>({})
  /** How the server understood the answers when they were last saved. */
  const echo = shallowRef<SavedDraft['echo']>([])
  const isEchoConfirmed = ref(false)

  /** What the shared rules make of the answers so far: which fields are asked, which are sensitive. What they mean is decided by the server. */
  const read = computed(() => readAnswers({ fields: source.entry?.form.fields ?? [] }, answers.value, asTyped))
  const steps = computed(() => [...new Set(read.value.asked.map(({ step }) => step))])
  const fieldsOf = (step: number | null) => read.value.asked.filter((field) => field.step === step)
  /** Keys of the answered sensitive fields of a step; of all steps when there is none. */
  const sensitiveOf = (step: number | null) => read.value.sensitive.filter((key) => step === null || fieldsOf(step).some((field) => field.key === key))
  /** Answers of fields that are asked: what became hidden again is not sent. */
  const sent = computed(() => Object.fromEntries(read.value.asked.flatMap(({ key }) => (answers.value[key] === undefined ? [] : [[key, answers.value[key]]]))))
  /** What the person confirms with one tap before the registration (R14). */
  const toConfirm = computed(() => echo.value.filter(({ key }) => read.value.asked.some((field) => field.key === key && field.confirmation === 'echo')))
  const asksEcho = computed(() => toConfirm.value.length > 0 && !isEchoConfirmed.value)
  const confirmed = computed(() => Object.fromEntries(isEchoConfirmed.value ? toConfirm.value.map(({ key, shown }) => [key, shown]) : []))

  /** An empty answer takes the old one back. `name` is what to show for a code. */
  function answer(key: string, value: AnswerValue, name = ''): void {
    const { [key]: _before, ...others } = answers.value
    answers.value = value === '' ? others : { ...others, [key]: value }
    names.value = { ...names.value, [key]: name }
    isEchoConfirmed.value = false
    const { [key]: _solved, ...left } = problems.value
    problems.value = left
  }

  const nameOf = (key: string) => names.value[key] || (echo.value.find((line) => line.key === key)?.shown ?? '')

  /** Answers of an earlier sitting; what was typed since then stays. */
  function takeUp(draft: Draft | null): void {
    answers.value = { ...draft?.answers, ...answers.value }
  }

  function refuse(found: readonly { key: string; message: string }[]): void {
    problems.value = Object.fromEntries(found.map(({ key, message }) => [key, message]))
  }

  /** Says what is missing in one step without asking the server. */
  function check(step: number | null): boolean {
    const inStep = fieldsOf(step).map(({ key }) => key)
    refuse(read.value.problems.filter(({ key }) => inStep.includes(key)))
    return Object.keys(problems.value).length === 0
  }

  /** Hands the answers so far to the server, which keeps them for a day and says how it understood them. @throws ApiError */
  async function save(): Promise<void> {
    const { entry } = source
    if (entry === null) return
    const saved = await putDraft({ formVersion: entry.form.version, answers: sent.value, ...channelTokenOf(entry) })
    echo.value = saved.echo
    isEchoConfirmed.value = false
    refuse(saved.problems)
  }

  return {
    ...{ answers, problems, isEchoConfirmed, steps, sent, toConfirm, asksEcho, confirmed },
    ...{ fieldsOf, sensitiveOf, answer, nameOf, takeUp, refuse, check, save },
  }
})
