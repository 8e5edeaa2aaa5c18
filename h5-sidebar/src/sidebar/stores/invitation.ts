import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { randomId } from '../../api/randomId.ts'
import { sidebarApiKey, type Invitation, type InvitationForm } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { wecomClientKey } from '../../wecom/WecomClient.ts'
import { WecomError } from '../../wecom/WecomError.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { useOpeningStore } from './opening.ts'

/** Best form first; what the client cannot send or the server could not make is left out. */
function formsOf(invitation: Invitation, canSendMiniProgram: boolean): InvitationForm[] {
  const forms: InvitationForm[] = []
  if (canSendMiniProgram) forms.push('miniProgram')
  if (invitation.linkUrl !== null) forms.push('link')
  forms.push('text')
  return forms
}

const cancelled: Failure = { kind: 'client', title: '已取消发送', detail: '没有发出任何内容，可以再次发送。', action: 'none', requestId: null }
const unknownOutcome: Failure = {
  kind: 'client',
  title: '没有收到发送结果',
  detail: '请先看看聊天里是否已经出现邀请，没有再重新发送。',
  action: 'none',
  requestId: null,
}

/** One invitation to join, from the preview to the entry in the timeline. What is shown is what is sent. */
export const useInvitationStore = defineStore('invitation', () => {
  const api = useProvided(sidebarApiKey)
  const wecom = useProvided(wecomClientKey)
  const { now } = useProvided(surroundingsKey)
  const opening = useOpeningStore()

  const externalUserId = ref('')
  const invitation = ref<Invitation | null>(null)
  const form = ref<InvitationForm>('miniProgram')
  const isSending = ref(false)
  const sentAt = ref<number | null>(null)
  const isRecorded = ref(false)
  const failure = ref<Failure | null>(null)
  /** The better form that the client refused; null when none was. */
  const refusedForm = ref<InvitationForm | null>(null)
  const isReady = computed(() => invitation.value !== null)

  let createKey = randomId()
  let recordKey = randomId()

  function reset(id: string): void {
    externalUserId.value = id
    invitation.value = null
    sentAt.value = null
    isRecorded.value = false
    failure.value = null
    refusedForm.value = null
    createKey = randomId()
    recordKey = randomId()
  }

  /** Fetches the preview. An unsent invitation is kept, so opening the sheet twice makes no second one. */
  async function prepare(id: string): Promise<void> {
    if (id !== externalUserId.value || sentAt.value !== null) reset(id)
    failure.value = null
    if (invitation.value) return
    try {
      const made = await api.createInvitation(id, createKey)
      if (id !== externalUserId.value) return
      invitation.value = made
      form.value = formsOf(made, opening.capabilities.canSendMiniProgram)[0] ?? 'text'
    } catch (error) {
      if (id === externalUserId.value) failure.value = failureFor(error)
    }
  }

  async function sendAs(chosen: InvitationForm, { title, description, imageUrl, miniProgram, linkUrl, text }: Invitation): Promise<void> {
    if (chosen === 'miniProgram') await wecom.sendMiniProgram({ title, imageUrl, ...miniProgram })
    else if (chosen === 'link' && linkUrl !== null) await wecom.sendLink({ url: linkUrl, title, description, imageUrl })
    else await wecom.sendText(text)
  }

  /** Steps down to the next form, which the rep sees before sending it. Never after a timeout: the first may have arrived. */
  function stepDown(error: unknown, current: Invitation): void {
    const kind = error instanceof WecomError ? error.kind : 'failed'
    if (kind === 'cancelled') failure.value = cancelled
    else if (kind === 'timeout') failure.value = unknownOutcome
    else {
      const forms = formsOf(current, opening.capabilities.canSendMiniProgram)
      const next = forms[forms.indexOf(form.value) + 1]
      if (next === undefined) failure.value = failureFor(error)
      else {
        refusedForm.value = form.value
        form.value = next
      }
    }
  }

  /** Writes the timeline entry; safe to repeat. */
  async function record(): Promise<void> {
    const current = invitation.value
    if (!current) return
    try {
      await api.recordInvitationSent(externalUserId.value, current.token, form.value, recordKey)
      isRecorded.value = true
    } catch {
      // The message has gone out all the same; the sheet offers to record it again.
      isRecorded.value = false
    }
  }

  /** Sends what is shown; only after the client said so is it recorded as sent. */
  async function send(): Promise<void> {
    const current = invitation.value
    if (!current || isSending.value) return
    isSending.value = true
    failure.value = null
    try {
      await sendAs(form.value, current)
      sentAt.value = now()
      await record()
    } catch (error) {
      stepDown(error, current)
    } finally {
      isSending.value = false
    }
  }

  return { externalUserId, invitation, form, isReady, isSending, sentAt, isRecorded, refusedForm, failure, prepare, send, record }
})
