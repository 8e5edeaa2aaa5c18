import type { Permission, Relation, Role, Scope } from './types.ts'

/** Roles in the order people read them. */
export const roles = ['serviceAgent', 'salesRep', 'operationsAdmin', 'approver', 'auditor', 'systemAdmin'] as const satisfies readonly Role[]

/** Scopes from the narrowest to the widest. */
export const scopes = ['own', 'department', 'departmentTree', 'all'] as const satisfies readonly Scope[]

const relationsOf = {
  own: ['own'],
  department: ['own', 'department'],
  departmentTree: ['own', 'department', 'departmentTree'],
  all: ['own', 'department', 'departmentTree', 'other'],
} as const satisfies Record<Scope, readonly Relation[]>

/** The relations a scope reaches. */
export function relationsWithin(scope: Scope): readonly Relation[] {
  return relationsOf[scope]
}

/**
 * How far a right goes: `own` stays with the customers and things of the holder whatever the scope of the grant, `scope` goes as far
 * as the grant, `company` is held by grants of scope `all` alone (what belongs to the company as a whole stands in no nearer relation).
 */
export type RightReach = 'own' | 'scope' | 'company'

/** One right of a role. */
export interface RoleRight extends Permission {
  readonly reach: RightReach
}

function rights(reach: RightReach, subject: Permission['subject'], ...actions: readonly Permission['action'][]): RoleRight[] {
  return actions.map((action) => ({ action, subject, reach }))
}

/** What reps and service agents do beside a chat: read as far as the grant reaches, write for those they serve. */
const besideTheChat: readonly RoleRight[] = [
  ...rights('scope', 'Contact', 'read'),
  ...rights('scope', 'Member', 'read'),
  ...rights('own', 'Contact', 'update'),
  ...rights('own', 'Member', 'create'),
  ...rights('own', 'Invitation', 'create'),
  ...rights('scope', 'Approval', 'create'),
  ...rights('own', 'CorpTag', 'read'),
]

/**
 * The rights of every role: the one table, shown in the console as it is (R59, R80, R100). What is not here is denied.
 * Duties are apart: who runs operations does not read profiles, who reads the audit changes nothing, who grants roles
 * does not thereby hold them.
 */
export const roleRights: Readonly<Record<Role, readonly RoleRight[]>> = {
  serviceAgent: [...besideTheChat, ...rights('own', 'Channel', 'read')],
  salesRep: [...besideTheChat, ...rights('own', 'Channel', 'read', 'create', 'update'), ...rights('own', 'Delivery', 'create')],
  operationsAdmin: [
    ...rights('company', 'Channel', 'read', 'create', 'update', 'export'),
    ...rights('company', 'Delivery', 'read', 'create'),
    ...rights('company', 'Form', 'read', 'create', 'update'),
    ...rights('company', 'Policy', 'read', 'create'),
    ...rights('company', 'Review', 'read', 'update'),
    ...rights('company', 'Risk', 'read', 'create', 'update'),
    ...rights('company', 'TierRules', 'read', 'create', 'update'),
    ...rights('company', 'GrowthRules', 'read', 'create', 'update'),
    ...rights('company', 'Benefit', 'read', 'create', 'update'),
    ...rights('company', 'Coupon', 'read', 'create', 'update'),
    ...rights('company', 'Segment', 'read', 'create', 'update', 'delete'),
    ...rights('company', 'CorpTag', 'read', 'create', 'update', 'delete'),
    ...rights('company', 'Lifecycle', 'read', 'create', 'update', 'export'),
    ...rights('company', 'ApiKey', 'read'),
    ...rights('company', 'Health', 'read', 'update'),
  ],
  approver: rights('scope', 'Approval', 'read', 'approve'),
  auditor: [
    ...rights('company', 'Audit', 'read', 'export'),
    ...rights('company', 'Report', 'read', 'create', 'export'),
    ...rights('company', 'Rights', 'read'),
    ...rights('company', 'Approval', 'read'),
    ...rights('company', 'Policy', 'read'),
    ...rights('company', 'Form', 'read'),
    ...rights('company', 'Lifecycle', 'read'),
    ...rights('company', 'ApiKey', 'read'),
  ],
  systemAdmin: [
    ...rights('scope', 'Rights', 'read', 'create', 'delete'),
    ...rights('company', 'Rights', 'update'),
    ...rights('company', 'ApiKey', 'read', 'create', 'delete'),
    ...rights('company', 'Health', 'read', 'update'),
    ...rights('company', 'Audit', 'read', 'export'),
    ...rights('company', 'Report', 'read', 'create', 'export'),
  ],
}

const scopesOfRole = {
  serviceAgent: scopes,
  salesRep: scopes,
  approver: scopes,
  operationsAdmin: ['all'],
  auditor: ['all'],
  systemAdmin: ['departmentTree', 'all'],
} as const satisfies Record<Role, readonly Scope[]>

/** The scopes a role can be granted with; a system admin of a department tree is that tree's own admin (R83). */
export function scopesFor(role: Role): readonly Scope[] {
  return scopesOfRole[role]
}

/** Roles whose holders work in the console; the others work beside the chat. */
const consoleRoles: readonly Role[] = ['operationsAdmin', 'approver', 'auditor', 'systemAdmin']

/** True when one of the roles opens the console. */
export function opensConsole(held: readonly Role[]): boolean {
  return held.some((role) => consoleRoles.includes(role))
}
