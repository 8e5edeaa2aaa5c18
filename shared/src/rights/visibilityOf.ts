import { relationsWithin } from './roles.ts'
import type { FieldAccess, Relation, RoleGrant, Visibility } from './types.ts'

/** What a decision about one field looks at: the class, and who may see it. */
export interface JudgedField {
  readonly key: string
  readonly class: 'P' | 'N' | 'S'
  /** A mask that hides everything leaves nothing to show. */
  readonly mask: 'none' | 'phone' | 'name' | 'presence' | 'hidden'
  readonly access: FieldAccess
}

/** Who looks, and at whose field. */
export interface FieldViewer {
  readonly grants: readonly RoleGrant[]
  readonly relation: Relation
  /** Keys of fields a second person has opened to this viewer for this customer (R86). */
  readonly openFields: ReadonlySet<string>
}

const order: readonly Visibility[] = ['none', 'masked', 'raw']

function wider(one: Visibility, other: Visibility): Visibility {
  return order.indexOf(one) >= order.indexOf(other) ? one : other
}

/**
 * How much of one field one viewer sees (R59, R86, P9): the most that any role reaching this customer gives.
 * Class S is never more than nothing without an open approval, whatever a role says; an approval opens only what some role
 * reaching this customer could ask for; a field that is not catalogued is denied.
 */
export function visibilityOf(field: JudgedField | undefined, { grants, relation, openFields }: FieldViewer): Visibility {
  if (field === undefined) return 'none'
  const reaching = grants.filter(({ scope }) => relationsWithin(scope).includes(relation))
  const shown = relation === 'own' ? field.access.own : field.access.team
  const readers = reaching.filter(({ role }) => shown[role] !== undefined)
  if (readers.length === 0) return 'none'
  if (openFields.has(field.key)) return 'raw'
  if (field.class === 'S') return 'none'
  const granted = readers.reduce<Visibility>((best, { role }) => wider(best, shown[role] ?? 'none'), 'none')
  return granted === 'masked' && field.mask === 'hidden' ? 'none' : granted
}

/** Whether one of the roles may write the field, for a customer the staff serves. */
export function mayWrite(field: JudgedField | undefined, { grants, relation }: Pick<FieldViewer, 'grants' | 'relation'>): boolean {
  return field !== undefined && relation === 'own' && grants.some(({ role }) => field.access.write.includes(role))
}
