import { defineStore } from 'pinia'
import { ref, shallowRef, type Ref } from 'vue'
import { inviteApiKey, type Registered, type Registration } from '../../api/inviteApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { surroundingsKey } from '../surroundings.ts'
import { useAnswers } from './answers.ts'
import { useConsent } from './consent.ts'
import { refusalOf, wrongAnswersOf, type Fate } from './outcome.ts'
import { useInvitePage } from './page.ts'

/** What is looked up anew before somebody goes on. */
const asksAgain: readonly Fate[] = ['askConsentAgain', 'askFormAgain', 'reload']

/** A key per content: a retry of the same registration is the same, another one is another. */
function createKeys(newId: () => string): (body: Registration) => string {
  let last = { text: '', key: '' }
  return (body) => {
    const text = JSON.stringify(body)
    if (last.text !== text) last = { text, key: newId() }
    return last.key
  }
}

/** What is sent: the same for the same ticks and answers. Null before the invitation is there. */
function registrationBody(token: string): Registration | null {
  const page = useInvitePage()
  const { toConfirm, sent } = useAnswers()
  if (page.invite === null) return null
  const confirmed: Record<string, string> = {}
  for (const { key, shown } of toConfirm) confirmed[key] = shown
  return {
    consentIds: [...useConsent().consentIds], policyVersion: page.invite.policy.version, formVersion: page.invite.form.version,
    channelToken: token, answers: sent, confirmed, visitId: page.visitId(),
  }
}

/** Runs one piece of work at a time: a second tap while a request is on its way does nothing. */
function oneAtATime(isBusy: Ref<boolean>, refused: (error: unknown) => Promise<void>) {
  return async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await work()
    } catch (error) {
      await refused(error)
    } finally {
      isBusy.value = false
    }
  }
}

/** From ticks and answers to a member. */
export const useRegistration = defineStore('inviteRegistration', () => {
  const api = useProvided(inviteApiKey)
  const { token, newId } = useProvided(surroundingsKey)
  const page = useInvitePage()
  const consent = useConsent()
  const answers = useAnswers()
  const phase = ref<'opening' | 'fields' | 'confirm'>('opening')
  const obstacle = ref('')
  const isBusy = ref(false)
  const registered = shallowRef<Registered | null>(null)
  const keyFor = createKeys(newId)

  /** Reads what stands already: consents and answers of an earlier sitting. */
  async function open(): Promise<void> {
    try {
      const [standings, draft] = await Promise.all([api.standings(), api.draft()])
      consent.takeUp(standings, draft)
      answers.takeUp(draft)
    } catch (error) {
      const { text, fate } = refusalOf(error)
      obstacle.value = text
      consent.takeUp(null, null)
      if (fate === 'logInAgain') page.forgetVisitor()
    }
    phase.value = 'fields'
  }

  async function register(): Promise<void> {
    const body = registrationBody(token)
    if (body !== null) registered.value = await api.register(body, keyFor(body))
  }

  /** What goes wrong is said where the work began; what has to be asked again is. */
  async function recover(error: unknown): Promise<void> {
    const { text, fate } = refusalOf(error)
    const isWrong = answers.refuse(wrongAnswersOf(error))
    if (isWrong || fate === 'confirmAgain') phase.value = 'fields'
    if (fate === 'logInAgain') page.forgetVisitor()
    if (asksAgain.includes(fate)) await page.load()
    if (fate === 'askConsentAgain' || fate === 'askFormAgain') {
      answers.stepIndex = 0
      await open()
    }
    obstacle.value = isWrong ? '有内容需要修改' : text
  }
  const exclusively = oneAtATime(isBusy, recover)

  /** Finishes the step on the screen: checks, records consents, has the answers read; after the last one the echo is shown, or it is done. */
  const goOn = () =>
    exclusively(async () => {
      obstacle.value = ''
      const { invite } = page
      const [isFilledIn, isAgreed] = [answers.check(), consent.insist(answers.sensitive)]
      if (invite === null || !isFilledIn || !isAgreed) return
      await consent.record(invite.policy.version, answers.sensitive)
      if (!(await answers.save(invite.form.version))) return
      if (!answers.isLastStep) answers.stepIndex += 1
      else if (answers.toConfirm.length > 0) phase.value = 'confirm'
      else await register()
    })

  const confirm = () => exclusively(register)
  function goBack(): void {
    obstacle.value = ''
    if (phase.value === 'confirm') phase.value = 'fields'
    else answers.stepIndex = Math.max(0, answers.stepIndex - 1)
  }

  return { phase, obstacle, isBusy, registered, open, goOn, confirm, goBack }
})
