import { scopesFor } from './roles.ts'
import type { RightsModel, Role, RoleGrant, Scope, StaffFacts } from './types.ts'

/** A role somebody wants to give or take. */
export interface GrantWish {
  readonly role: Role
  readonly scope: Scope
  /** The granter themselves: nobody gives or takes rights of their own. */
  readonly isSelf: boolean
  /** The departments of the person it is about. */
  readonly departmentIds: readonly number[]
}

/** Why a wish is refused. */
export type GrantRefusal = 'notAllowed' | 'self' | 'scopeUnfit' | 'centralOnly' | 'outsideTree' | 'tooWide'

/** Roles that see or decide beyond one's own customers as a whole: under the hybrid model they stay with the central admins. */
const sensitiveRoles: readonly Role[] = ['operationsAdmin', 'approver', 'auditor', 'systemAdmin']

function adminScope(grants: readonly RoleGrant[]): 'departmentTree' | 'all' | null {
  const held = grants.filter(({ role }) => role === 'systemAdmin').map(({ scope }) => scope)
  if (held.includes('all')) return 'all'
  return held.includes('departmentTree') ? 'departmentTree' : null
}

/**
 * Whether a staff may give (or take) a role under the model in force (R83): central, only admins of the whole company; distributed,
 * admins of a department tree within it and never wider than it; hybrid, the same without the sensitive roles.
 * @returns null when allowed
 */
export function refusalOfGrant(granter: StaffFacts, model: RightsModel, wish: GrantWish): GrantRefusal | null {
  const held = adminScope(granter.grants)
  if (held === null) return 'notAllowed'
  if (wish.isSelf) return 'self'
  if (!scopesFor(wish.role).includes(wish.scope)) return 'scopeUnfit'
  if (held === 'all') return null
  if (model === 'central') return 'centralOnly'
  if (model === 'hybrid' && sensitiveRoles.includes(wish.role)) return 'centralOnly'
  if (wish.scope === 'all') return 'tooWide'
  const isInside = wish.departmentIds.length > 0 && wish.departmentIds.every((id) => granter.departmentTreeIds.includes(id))
  return isInside ? null : 'outsideTree'
}
