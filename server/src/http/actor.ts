/** A mini-program session: an openid, not yet a member. */
export interface MemberActor {
  readonly kind: 'member'
  readonly sessionId: string
  readonly openId: string
  readonly unionId: string | null
}

/** An employee with a live session. */
export interface StaffActor {
  readonly kind: 'staff'
  readonly staffUserId: string
  readonly name: string
}

/** Nobody in particular. */
export interface PublicActor {
  readonly kind: 'public'
}

/** A connected system with the integration key. */
export interface IntegrationActor {
  readonly kind: 'integration'
}

export type Actor = MemberActor | StaffActor | PublicActor | IntegrationActor

/** Turns what a request carries into an actor; provided by the modules that own the sessions. */
export interface Authenticators {
  /** Null when the token opens no live session. */
  member(token: string): Promise<MemberActor | null>
  staff(token: string): Promise<StaffActor | null>
  integration(key: string): IntegrationActor | null
}

/** The cookie of a staff session. */
export const staffCookie = 'qihui_staff'
