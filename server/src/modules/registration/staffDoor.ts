import { AppError } from '@qihui/shared/errors'
import { defaultFormKey, type FormField } from '@qihui/shared/form'
import { memberFields, type addMemberByStaff as addMemberByStaffContract } from '@qihui/shared/member'
import type { ResponseOf } from '@qihui/shared/http'
import { answerAccess, type Rights } from '@qihui/shared/rights'
import type { InferOutput } from 'valibot'
import type { StaffActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { normaliseTypedPhone } from '../../security/normalisePhone.ts'
import type { Services } from '../../services.ts'
import { mayEnter } from '../contact/policy.ts'
import { getMemberById } from '../member/queries.ts'
import { addMemberByStaff } from './commands.ts'
import { answersByOthers } from './gate.ts'
import { refuseFutureBasis } from './source.ts'

/** What the catalogue lets nobody of these roles enter. @throws AppError `rights.denied` for the phone, `request.invalid` for answers */
function refuseFields(rights: Rights, answered: readonly Pick<FormField, 'key' | 'class'>[]): void {
  if (!mayEnter(rights, memberFields.phone)) throw new AppError('rights.denied')
  const refused = answered.filter(({ key, class: fieldClass }) => !mayEnter(rights, { key, class: fieldClass, mask: 'presence', access: answerAccess(fieldClass) }))
  if (refused.length > 0) throw new AppError('request.invalid', undefined, refused.map(({ key }) => ({ path: `body.answers.${key}`, message: '您的角色不能代客户填写该项' })))
}

/**
 * The way of a rep into the registration: a phone in any spelling, what is known of the answers, and why the person may be kept (R11).
 * @throws AppError `phone.invalid`, `contact.notFollowing`, `request.invalid`, `rights.denied`
 */
export async function enterMemberByStaff(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'forms' | 'policies' | 'tierRules'>,
  actor: StaffActor,
  externalUserId: string,
  body: InferOutput<typeof addMemberByStaffContract.body>,
  call: IdempotentCall,
): Promise<ResponseOf<typeof addMemberByStaffContract>> {
  const at = services.now()
  const phone = normaliseTypedPhone(body.phone)
  if (phone === null) throw new AppError('phone.invalid')
  refuseFutureBasis(body.basis, at)
  const form = await services.forms.inForce(defaultFormKey, at)
  // A rep may not know everything: what is missing the person adds when confirming.
  const answers = answersByOthers(form, body.answers)
  refuseFields(actor.rights, form.definition.fields.filter(({ key }) => answers[key] !== undefined))
  const { version: policyVersion } = await services.policies.inForce(at)
  const { outcome, memberId, token } = await addMemberByStaff(services, actor, { externalUserId, phone, answers, basis: body.basis, policyVersion, formVersion: form.version }, call)
  const { memberNo } = await getMemberById(services, memberId)
  const { brandName, publicUrl } = services.env
  const url = `${publicUrl}/i/${token ?? ''}`
  const confirmation = token === null ? null : { token, url, text: `${actor.name}已为您登记${brandName}会员，请点击链接确认您的会员资料：${url}` }
  return { memberId, memberNo, outcome, confirmation }
}
