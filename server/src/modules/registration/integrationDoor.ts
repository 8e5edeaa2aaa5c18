import { AppError } from '@qihui/shared/errors'
import { defaultFormKey } from '@qihui/shared/form'
import type { addMemberByIntegration as addMemberByIntegrationContract } from '@qihui/shared/member'
import type { ResponseOf } from '@qihui/shared/http'
import type { InferOutput } from 'valibot'
import type { IntegrationActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { normaliseTypedPhone } from '../../security/normalisePhone.ts'
import type { Services } from '../../services.ts'
import { registerMember } from './commands.ts'
import { answersByOthers } from './gate.ts'
import { integrationSource, refuseFutureBasis } from './source.ts'
import { selectEntryChannel } from './tables.ts'

/**
 * The way of a connected system into the registration (R18): the same external key of the same system is one member, a unionid joins with
 * whoever holds it, a phone alone joins nobody. Without a basis of consent the member is kept and may not be contacted.
 * @throws AppError `phone.invalid`, `request.invalid`
 */
export async function addMemberByIntegration(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'forms' | 'policies' | 'growthRules' | 'tierRules'>,
  actor: IntegrationActor,
  body: InferOutput<typeof addMemberByIntegrationContract.body>,
  call: IdempotentCall,
): Promise<ResponseOf<typeof addMemberByIntegrationContract>> {
  const at = services.now()
  const phone = body.phone === undefined ? null : normaliseTypedPhone(body.phone)
  if (body.phone !== undefined && phone === null) throw new AppError('phone.invalid')
  if (body.basis !== undefined) refuseFutureBasis(body.basis, at)
  const [channel] = body.channelToken === undefined ? [] : await services.db.run<{ form_key: string }>(selectEntryChannel, [body.channelToken])
  const form = await services.forms.inForce(channel?.form_key ?? defaultFormKey, at)
  const answers = answersByOthers(form, body.answers)
  const { version: policyVersion } = await services.policies.inForce(at)
  const source = integrationSource(services.env, actor, body, body.basis ?? null)
  const input = { phone, consentIds: [], policyVersion, formVersion: form.version, channelToken: body.channelToken, answers }
  const { outcome, member } = await registerMember(services, source, input, call)
  return { memberId: member.memberId, memberNo: member.memberNo, outcome, isContactable: member.isConfirmed && !member.isHeld }
}
