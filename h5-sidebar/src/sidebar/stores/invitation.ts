import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { randomId } from '../../api/randomId.ts'
import { sidebarApiKey, type Invitation, type InvitationForm } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { wecomClientKey } from '../../wecom/WecomClient.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { afterRefusal, formsOf, sendInvitation } from './invitationForms.ts'
import { useOpeningStore } from './opening.ts'

/** One try to invite somebody: nothing prepared, nothing sent, fresh keys. */
function newAttempt(externalUserId: string) {
  return {
    externalUserId,
    invitation: null as Invitation | null,
    form: 'text' as InvitationForm,
    /** The better form that the client refused; null when none was. */
    refusedForm: null as InvitationForm | null,
    isSending: false,
    sentAt: null as number | null,
    isRecorded: false,
    failure: null as Failure | null,
    createKey: randomId(),
    recordKey: randomId(),
  }
}

/** One invitation to join, from the preview to the entry in the timeline. What is shown is what is sent. */
export const useInvitationStore = defineStore('invitation', () => {
  const api = useProvided(sidebarApiKey)
  const wecom = useProvided(wecomClientKey)
  const { now } = useProvided(surroundingsKey)
  const opening = useOpeningStore()
  const attempt = ref(newAttempt(''))
  const forms = (made: Invitation) => formsOf(made, opening.capabilities.canSendMiniProgram)

  /** Fetches the preview. An unsent invitation is kept, so opening the sheet twice makes no second one. */
  async function prepare(externalUserId: string): Promise<void> {
    if (externalUserId !== attempt.value.externalUserId || attempt.value.sentAt !== null) attempt.value = newAttempt(externalUserId)
    const current = attempt.value
    current.failure = null
    if (current.invitation) return
    try {
      const made = await api.createInvitation(externalUserId, current.createKey)
      current.invitation = made
      current.form = forms(made)[0]
    } catch (error) {
      current.failure = failureFor(error)
    }
  }

  /** Writes the timeline entry; safe to repeat. */
  async function record(): Promise<void> {
    const current = attempt.value
    if (!current.invitation) return
    try {
      await api.recordInvitationSent(current.externalUserId, current.invitation.token, current.form, current.recordKey)
      current.isRecorded = true
    } catch {
      // The message has gone out all the same; the sheet offers to record it again.
      current.isRecorded = false
    }
  }

  /** Sends what is shown; only after the client said so is it recorded as sent. */
  async function send(): Promise<void> {
    const current = attempt.value
    if (!current.invitation || current.isSending) return
    current.isSending = true
    current.failure = null
    try {
      await sendInvitation(wecom, current.form, current.invitation)
      current.sentAt = now()
      await record()
    } catch (error) {
      const next = afterRefusal(error, current.form, forms(current.invitation))
      if (typeof next === 'string') Object.assign(current, { refusedForm: current.form, form: next })
      else current.failure = next
    } finally {
      current.isSending = false
    }
  }

  return { attempt: computed(() => attempt.value), prepare, record, send }
})
