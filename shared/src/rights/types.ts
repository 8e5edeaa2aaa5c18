/** What somebody may be in the company (R80): each role is a set of rights, a person may hold several. */
export type Role = 'serviceAgent' | 'salesRep' | 'operationsAdmin' | 'approver' | 'auditor' | 'systemAdmin'

/**
 * Whose customers a grant reaches (R80, R84), each including the one before: those the staff serves, those a colleague
 * of the same department serves, those of the departments below as well, everybody's.
 */
export type Scope = 'own' | 'department' | 'departmentTree' | 'all'

/** How a staff stands to one customer, nearest first; every instance has exactly one. */
export type Relation = 'own' | 'department' | 'departmentTree' | 'other'

/** What can be done with a subject. No right opens a masked value: an approval does, for one look at a time (R86). */
export type RightsAction = 'read' | 'create' | 'update' | 'delete' | 'export' | 'approve'

/** What rights are about; a route names one, and every instance a rule looks at is one. */
export type RightsSubject =
  | 'Approval'
  | 'ApiKey'
  | 'Audit'
  | 'Benefit'
  | 'Channel'
  | 'Contact'
  | 'CorpTag'
  | 'Coupon'
  | 'Delivery'
  | 'Form'
  | 'GrowthRules'
  | 'Health'
  | 'Invitation'
  | 'Lifecycle'
  | 'Member'
  | 'Policy'
  | 'Report'
  | 'Review'
  | 'Rights'
  | 'Risk'
  | 'Segment'
  | 'TierRules'

/** What a route asks for; the router refuses who holds it for no instance at all, the query looks at the instance. */
export interface Permission {
  readonly action: RightsAction
  readonly subject: RightsSubject
}

/** One role held, as far as its scope reaches. */
export interface RoleGrant {
  readonly role: Role
  readonly scope: Scope
}

/** What rights follow from: nothing else is looked at. */
export interface StaffFacts {
  readonly grants: readonly RoleGrant[]
  /** The departments the staff is in. */
  readonly departmentIds: readonly number[]
  /** Those and all below them. */
  readonly departmentTreeIds: readonly number[]
}

/** How much of a field is seen. */
export type Visibility = 'none' | 'masked' | 'raw'

/** The catalogue's word on who sees and writes one field; a role that is not named does not. */
export interface FieldAccess {
  /** Of customers the viewer serves. */
  readonly own: Readonly<Partial<Record<Role, Visibility>>>
  /** Of customers that only the scope of the grant reaches. */
  readonly team: Readonly<Partial<Record<Role, Visibility>>>
  /** Roles that may write it, for customers they serve. */
  readonly write: readonly Role[]
}

/** How roles are granted (R83): by system admins alone, by the admins of departments, or by both with sensitive roles central. */
export type RightsModel = 'central' | 'distributed' | 'hybrid'
