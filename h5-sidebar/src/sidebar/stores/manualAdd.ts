import { asTyped, readAnswers, type AnswerValue, type FormField } from '@qihui/shared/form'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiProblem } from '../../api/ApiProblem.ts'
import { randomId } from '../../api/randomId.ts'
import { sidebarApiKey, type EnteredMember, type MemberEntry } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { wecomClientKey } from '../../wecom/WecomClient.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { afterRefusal } from './invitationForms.ts'
import { problemsOf } from './manualAddProblems.ts'

/** On what an entry rests: how the person agreed (R11). */
export type BasisKind = MemberEntry['basis']['kind']

/** One entry being written: kept when the sheet is closed, gone with the page. */
function newEntry(externalUserId: string, today: string) {
  return {
    externalUserId,
    phone: '',
    kind: null as BasisKind | null,
    /** `YYYY-MM-DD` as the rep's clock has it. */
    day: today,
    note: '',
    answers: {} as Record<string, AnswerValue>,
    /** What has to change, by input. */
    problems: {} as Record<string, string>,
    failure: null as Failure | null,
    isBusy: false,
    result: null as EnteredMember | null,
    sentAt: null as number | null,
    sent: '',
    key: randomId(),
  }
}

function dayOf(at: number): string {
  const day = new Date(at)
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** Manual add by a rep (R11): what is known of the person, on what it rests, and the link by which they confirm. */
export const useManualAddStore = defineStore('manualAdd', () => {
  const api = useProvided(sidebarApiKey)
  const wecom = useProvided(wecomClientKey)
  const { now } = useProvided(surroundingsKey)
  const entry = ref(newEntry('', dayOf(now())))
  const form = ref<FormField[]>([])
  /** Sensitive answers need the person's own consent: they add them when they confirm. */
  const read = computed(() => readAnswers({ fields: form.value.filter((field) => field.class !== 'S') }, entry.value.answers, asTyped))

  /** Starts an entry for this contact, or goes on with the one that was left. */
  async function prepare(externalUserId: string): Promise<void> {
    if (externalUserId !== entry.value.externalUserId || entry.value.result !== null) entry.value = newEntry(externalUserId, dayOf(now()))
    // Without the form the phone alone will do: the person adds the rest.
    form.value = await api.formFields().catch(() => [])
  }

  function answer(key: string, value: AnswerValue | ''): void {
    const { [key]: _before, ...others } = entry.value.answers
    entry.value.answers = value === '' ? others : { ...others, [key]: value }
    Reflect.deleteProperty(entry.value.problems, key)
  }

  function bodyOf(current: ReturnType<typeof newEntry>, kind: BasisKind): MemberEntry {
    const asked = read.value.asked.map(({ key }) => key)
    const answers = Object.fromEntries(Object.entries(current.answers).filter(([key]) => asked.includes(key)))
    return { phone: current.phone, answers, basis: { kind, at: new Date(`${current.day}T00:00:00`).toISOString(), note: current.note } }
  }

  /** Enters the member. The same content twice is one entry. */
  async function save(): Promise<void> {
    const current = entry.value
    current.problems = problemsOf(current, dayOf(now()))
    if (current.isBusy || current.kind === null || Object.keys(current.problems).length > 0) return
    const body = bodyOf(current, current.kind)
    const content = JSON.stringify(body)
    if (content !== current.sent) Object.assign(current, { sent: content, key: randomId() })
    Object.assign(current, { isBusy: true, failure: null })
    try {
      current.result = await api.addMember(current.externalUserId, body, current.key)
    } catch (error) {
      const fields = error instanceof ApiProblem ? error.errors : []
      for (const { path, message } of fields) current.problems[path.split('.').pop() ?? path] = message
      if (error instanceof ApiProblem && error.code === 'phone.invalid') current.problems['phone'] = '手机号格式无法识别，请检查'
      if (Object.keys(current.problems).length === 0) current.failure = failureFor(error)
    } finally {
      current.isBusy = false
    }
  }

  /** Sends the confirmation link into the chat, exactly as the sheet shows it. */
  async function send(): Promise<void> {
    const current = entry.value
    const confirmation = current.result?.confirmation
    if (!confirmation || current.isBusy) return
    Object.assign(current, { isBusy: true, failure: null })
    try {
      await wecom.sendText(confirmation.text)
      current.sentAt = now()
    } catch (error) {
      const next = afterRefusal(error, 'text', ['text'])
      current.failure = typeof next === 'string' ? failureFor(error) : next
    } finally {
      current.isBusy = false
    }
  }

  return { entry, fields: computed(() => read.value.asked), prepare, answer, save, send }
})
