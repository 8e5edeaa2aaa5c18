import { memberFields, type MemberFieldKey } from '@qihui/shared/member'
import { mayWrite, visibilityOf, type JudgedField, type Relation, type Rights, type Visibility } from '@qihui/shared/rights'

/** How a viewer stands to a contact, nearest first; the card's statement answers the position. */
export const standings = ['own', 'department', 'departmentTree', 'other'] as const satisfies readonly Relation[]

/** What a card shows of a contact who is no member. */
const contactFieldKeys: readonly MemberFieldKey[] = ['contactName', 'remark', 'avatarUrl']
/** What it shows besides when they are: the catalogue's profile. */
const memberFieldKeys = (Object.keys(memberFields) as MemberFieldKey[]).filter((key) => memberFields[key].isInProfile || contactFieldKeys.includes(key))

const noApprovals: ReadonlySet<string> = new Set()

/** How much one viewer sees of one contact's fields. */
export type FieldSight = (field: JudgedField) => Visibility

/** What one viewer sees on cards, ready for the card's statement: it is read on every switch of a chat. */
export interface CardSight {
  /** For the audit row: fields shown, as comma lists, by standing and then for a contact and for a member. */
  readonly auditFields: readonly string[]
  /** Position of the farthest standing the viewer may read; -1 for none. */
  readonly farthest: number
}

/** @param openFields keys that an approval has opened to this viewer for this contact (R86) */
export function fieldSightOf(rights: Rights, relation: Relation, openFields = noApprovals): FieldSight {
  return (field) => visibilityOf(field, { grants: rights.facts.grants, relation, openFields })
}

/** Whether a viewer may enter a field of a customer they serve; of others, nobody may. */
export function mayEnter(rights: Rights, field: JudgedField): boolean {
  return mayWrite(field, { grants: rights.facts.grants, relation: 'own' })
}

function shownKeys(keys: readonly MemberFieldKey[], sight: FieldSight): string {
  return keys.filter((key) => sight(memberFields[key]) !== 'none').join(',')
}

const sights = new WeakMap<Rights, CardSight>()

/** Once per session and its few seconds of trust, not once per card. */
export function cardSightOf(rights: Rights): CardSight {
  const known = sights.get(rights)
  if (known) return known
  const auditFields = standings.flatMap((relation) => {
    const sight = fieldSightOf(rights, relation)
    return [shownKeys(contactFieldKeys, sight), shownKeys(memberFieldKeys, sight)]
  })
  const farthest = standings.findLastIndex((relation) => rights.may({ action: 'read', subject: 'Contact' }, { relation }))
  const sight = { auditFields, farthest }
  sights.set(rights, sight)
  return sight
}
