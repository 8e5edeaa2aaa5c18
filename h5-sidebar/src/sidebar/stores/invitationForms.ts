import type { Invitation, InvitationForm } from '../../api/sidebarApi.ts'
import type { WecomClient } from '../../wecom/WecomClient.ts'
import { WecomError } from '../../wecom/WecomError.ts'
import { failureFor, type Failure } from '../failureFor.ts'

const cancelled: Failure = { kind: 'client', title: '已取消发送', detail: '没有发出任何内容，可以再次发送。', action: 'none', requestId: null }
const unknownOutcome: Failure = {
  kind: 'client',
  title: '没有收到发送结果',
  detail: '请先看看聊天里是否已经出现邀请，没有再重新发送。',
  action: 'none',
  requestId: null,
}

/** The forms of an invitation, best first; what the client cannot send or the server could not make is left out. */
export function formsOf(invitation: Invitation, canSendMiniProgram: boolean): [InvitationForm, ...InvitationForm[]] {
  const lesser: [InvitationForm, ...InvitationForm[]] = invitation.linkUrl === null ? ['text'] : ['link', 'text']
  return canSendMiniProgram ? ['miniProgram', ...lesser] : lesser
}

/** Sends an invitation in one form, exactly as the preview shows it. */
export function sendInvitation(wecom: WecomClient, form: InvitationForm, invitation: Invitation): Promise<void> {
  const { title, description, imageUrl, miniProgram, linkUrl, text } = invitation
  if (form === 'miniProgram') return wecom.sendMiniProgram({ title, imageUrl, ...miniProgram })
  if (form === 'link' && linkUrl !== null) return wecom.sendLink({ url: linkUrl, title, description, imageUrl })
  return wecom.sendText(text)
}

/** After a send that failed: another form to offer, or a failure to show. Never another form after a timeout: the first may have arrived. */
export function afterRefusal(error: unknown, form: InvitationForm, forms: readonly InvitationForm[]): InvitationForm | Failure {
  const kind = error instanceof WecomError ? error.kind : 'failed'
  if (kind === 'cancelled') return cancelled
  if (kind === 'timeout') return unknownOutcome
  return forms[forms.indexOf(form) + 1] ?? failureFor(error)
}
