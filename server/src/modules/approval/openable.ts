import type { FormDefinition } from '@qihui/shared/form'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { fieldSightOf } from '../contact/policy.ts'
import { presentProfile } from '../contact/profile.ts'
import type { Standing } from './steps.ts'

type Profile = ReturnType<typeof presentProfile>

/** The profile with some fields opened; of what is sealed, only these are unsealed raw. */
function profileOf(cipher: FieldCipher, { rights, relation, subject }: Standing, openFields: ReadonlySet<string>, forms: ReadonlyMap<string, FormDefinition>): Profile {
  const { member_id: memberId } = subject
  if (memberId === null) return []
  const card = { memberNo: subject.member_no, registeredAt: subject.registered_at.toISOString(), channelName: subject.channel_name }
  const facts = { memberId, dataKeySealed: subject.data_key_sealed, phoneSealed: subject.phone_sealed, card, answers: subject.answers ?? [] }
  return presentProfile(cipher, facts, fieldSightOf(rights, relation, openFields), forms)
}

/** What the viewer knows of but does not see: what can be asked for. */
export function askableFields(cipher: FieldCipher, standing: Standing, forms: ReadonlyMap<string, FormDefinition>): Profile {
  return profileOf(cipher, standing, new Set(), forms).filter(({ isMasked }) => isMasked)
}

/** The fields of a grant, raw; null when a role, the scope or the hand-over of the customer no longer lets the viewer ask for each of them. */
export function openedFields(cipher: FieldCipher, standing: Standing, fieldKeys: readonly string[], forms: ReadonlyMap<string, FormDefinition>): Profile | null {
  const wanted = new Set(fieldKeys)
  const subject = {
    ...standing.subject,
    phone_sealed: wanted.has('phone') ? standing.subject.phone_sealed : null,
    answers: (standing.subject.answers ?? []).filter(({ key }) => wanted.has(key)),
  }
  const opened = profileOf(cipher, { ...standing, subject }, wanted, forms).filter(({ key }) => wanted.has(key))
  return opened.length === wanted.size && opened.every(({ isMasked }) => !isMasked) ? opened : null
}
