import { relationsWithin, type Relation, type Rights, type Role } from '@qihui/shared/rights'

/** Whether somebody may open fields in an emergency: one of the named roles, held as far as this customer. @param named of the settings */
export function mayBreakGlass(rights: Rights, relation: Relation, named: ReadonlySet<Role>): boolean {
  return rights.facts.grants.some(({ role, scope }) => named.has(role) && relationsWithin(scope).includes(relation))
}
