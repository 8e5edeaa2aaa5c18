import type { IdentifierNamespace } from '@qihui/shared/identity'
import type { ApiKeyScope } from '@qihui/shared/member'
import { abilityFor, type Rights, type RoleGrant } from '@qihui/shared/rights'

/** A session of the mini-program or of the invite page: an openid in its namespace, not yet a member. */
export interface MemberActor {
  readonly kind: 'member'
  readonly sessionId: string
  /** `mp-openid@…`, `oa-openid@…` or `corp-openid@…`: an openid means nothing without it (R33-R35). */
  readonly namespace: IdentifierNamespace
  readonly openId: string
  readonly unionId: string | null
  /** Known when a WeCom visitor is somebody's external contact. */
  readonly externalUserId: string | null
}

/** An employee with a live session. */
export interface StaffActor {
  readonly kind: 'staff'
  readonly staffUserId: string
  readonly name: string
  /** Holds a role that opens the console; what they may do there, their rights say. */
  readonly isOperator: boolean
  /** The login, hashed: grants are bound to it. Absent in actors that no session made. */
  readonly sessionId?: string
  /** What their grants give them. */
  readonly rights: Rights
}

const ownCustomers = abilityFor({ grants: [{ role: 'salesRep', scope: 'own' }], departmentIds: [], departmentTreeIds: [] })
/** What the staff named in the settings are (`OPERATOR_STAFF_USER_IDS`): the first admins. */
export const bootstrapGrants = [{ role: 'operationsAdmin', scope: 'all' }, { role: 'systemAdmin', scope: 'all' }] as const satisfies readonly RoleGrant[]
const wholeCompany = abilityFor({ grants: [{ role: 'salesRep', scope: 'own' }, ...bootstrapGrants], departmentIds: [], departmentTreeIds: [] })

/** An employee no session made (seed, tests): with the default role, or as one of the first admins. */
export function staffWithoutSession(staffUserId: string, name: string, isOperator = false): StaffActor {
  return { kind: 'staff', staffUserId, name, isOperator, rights: isOperator ? wholeCompany : ownCustomers }
}

/** Nobody in particular. */
export interface PublicActor {
  readonly kind: 'public'
}

/** A connected system with a key. */
export interface IntegrationActor {
  readonly kind: 'integration'
  /** Names the key in audit and identifiers, never the key itself; `env` is the one of the settings. */
  readonly keyId: string
  readonly scopes: ReadonlySet<ApiKeyScope>
}

export type Actor = MemberActor | StaffActor | PublicActor | IntegrationActor

/** Turns what a request carries into an actor; provided by the modules that own the sessions. */
export interface Authenticators {
  /** Null when the token opens no live session. */
  member(token: string): Promise<MemberActor | null>
  staff(token: string): Promise<StaffActor | null>
  integration(key: string): Promise<IntegrationActor | null>
}

/** The cookie of a member session on the invite page. */
export const memberCookie = 'qihui_member'

/** The cookie of a staff session. */
export const staffCookie = 'qihui_staff'
