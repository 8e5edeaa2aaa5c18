import type { IdentifierNamespace } from '@qihui/shared/identity'
import type { ApiKeyScope } from '@qihui/shared/member'

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
  /** May use the console and act for others. */
  readonly isOperator: boolean
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
