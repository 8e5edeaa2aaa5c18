/** Where a request stands (domain rules i 4). `used`: its time is over and somebody looked; `expired`: nobody answered, or nobody looked. */
export type ApprovalState = 'requested' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'used' | 'exhausted' | 'revoked'

/** One request to see sensitive fields of one person, and the grant it may become. */
export interface Approval {
  readonly state: ApprovalState
  /** Grows by one with every change. */
  readonly version: number
  readonly requesterId: string
  /** The login it was asked in: another browser of the same person cannot use it. */
  readonly sessionId: string
  readonly personId: string
  readonly fieldKeys: readonly string[]
  /** Opened by the requester alone in an emergency; looked at by somebody else afterwards. */
  readonly isBreakGlass: boolean
  readonly neededApprovers: 1 | 2
  readonly approverIds: readonly string[]
  readonly minutes: number
  readonly maxViews: number
  readonly views: number
  readonly requestedAt: Date
  /** Null until it is approved. */
  readonly openUntil: Date | null
}

/** What somebody does to a request. */
export type ApprovalAct =
  /** `mayApprove`: holds the right for this customer now. `isSubordinate`: the requester leads them. `version`: the one the approver looked at. */
  | { readonly kind: 'approve' | 'deny'; readonly by: string; readonly version: number; readonly mayApprove: boolean; readonly isSubordinate: boolean }
  | { readonly kind: 'cancel'; readonly by: string }
  | { readonly kind: 'revoke'; readonly by: string; readonly mayApprove: boolean }
  /** `isInReach`: role, scope and the customer's hand-over still let the requester ask for each of these fields. */
  | { readonly kind: 'view'; readonly by: string; readonly sessionId: string; readonly personId: string; readonly fieldKeys: readonly string[]; readonly isInReach: boolean }

/** Why an act is refused. */
export type ApprovalRefusal = 'self' | 'subordinate' | 'notAllowed' | 'changed' | 'notYours' | 'otherSession' | 'otherPerson' | 'otherField' | 'outOfReach' | 'notOpen'
