import type { SidebarContact } from '@qihui/shared/contact'
import { coerceValue, type FormDefinition, type FormField } from '@qihui/shared/form'
import { maskValue, memberFields, type FieldDefinition, type MemberFieldKey } from '@qihui/shared/member'
import { answerAccess } from '@qihui/shared/rights'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { parsers } from '../form/parsers.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'
import type { FieldSight } from './policy.ts'

/** An answer as stored, sealed in base64. */
export interface StoredAnswer {
  readonly key: string
  readonly version: string
  readonly sealed: string
}

/** What a profile is made of. */
export interface ProfileFacts {
  readonly memberId: string
  readonly dataKeySealed: Buffer
  readonly phoneSealed: Buffer | null
  readonly card: { readonly memberNo: string; readonly registeredAt: string; readonly channelName: string | null }
  readonly answers: readonly StoredAnswer[]
}

type ProfileField = NonNullable<SidebarContact['member']>['fields'][number]
type Opener = (() => string) | null

function catalogued(definition: FieldDefinition, open: Opener, sight: FieldSight): ProfileField[] {
  const visibility = sight(definition)
  if (open === null || visibility === 'none') return []
  const type = definition.type === 'instant' || definition.type === 'phone' ? definition.type : 'text'
  const isMasked = visibility === 'masked' && definition.mask !== 'none'
  return [{ key: definition.key, label: definition.label, type, value: isMasked ? maskValue(definition.mask, open()) : open(), isMasked, needsApproval: false }]
}

function shownAnswer(field: FormField, stored: string): string {
  const coerced = coerceValue(field, JSON.parse(stored) as string | number | boolean, parsers)
  return coerced.kind === 'value' ? coerced.shown : ''
}

/** An answer that may only be known of is not opened; one whose field is not described is denied. */
function answered(field: FormField | undefined, open: () => string, sight: FieldSight): ProfileField[] {
  if (field === undefined) return []
  const shared = { key: field.key, label: field.label, type: 'text' as const }
  const visibility = sight({ key: field.key, class: field.class, mask: 'presence', access: answerAccess(field.class) })
  if (visibility === 'raw') return [{ ...shared, value: shownAnswer(field, open()), isMasked: false, needsApproval: false }]
  if (visibility === 'masked') return [{ ...shared, value: maskValue('presence', field.key), isMasked: true, needsApproval: false }]
  return field.class === 'S' ? [{ ...shared, value: '', isMasked: true, needsApproval: true }] : []
}

/** The profile as the viewer's grants show it (R59, R86): nothing is opened that they may not see. */
export function presentProfile(cipher: FieldCipher, facts: ProfileFacts, sight: FieldSight, forms: ReadonlyMap<string, FormDefinition>): ProfileField[] {
  const { memberId, card, phoneSealed } = facts
  let key: ReturnType<FieldCipher['openDataKey']> | null = null
  const dataKey = () => (key ??= cipher.openDataKey(dataKeyPlace(memberId), facts.dataKeySealed))
  const channelName = card.channelName
  const openers: Partial<Record<MemberFieldKey, Opener>> = {
    memberNo: () => card.memberNo,
    phone: phoneSealed && (() => cipher.open(phonePlace(memberId), phoneSealed, dataKey())),
    registeredAt: () => new Date(card.registeredAt).toISOString(),
    channelName: channelName === null ? null : () => channelName,
  }
  const profile = (Object.keys(memberFields) as MemberFieldKey[])
    .filter((name) => memberFields[name].isInProfile)
    .flatMap((name) => catalogued(memberFields[name], openers[name] ?? null, sight))
  const answers = facts.answers.flatMap((answer) => {
    const field = forms.get(answer.version)?.fields.find((candidate) => candidate.key === answer.key)
    return answered(field, () => cipher.open(answerPlace(memberId, answer.key), Buffer.from(answer.sealed, 'base64'), dataKey()), sight)
  })
  return [...profile, ...answers]
}
