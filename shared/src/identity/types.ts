/**
 * Where an identifier is valid. Two namespaces are never compared with each other (R33-R35):
 * an openid of one app says nothing about an openid of another.
 */
export type IdentifierNamespace =
  | `mp-openid@${string}`
  | `oa-openid@${string}`
  | `corp-openid@${string}`
  | `unionid@${string}`
  | `external-userid@${string}`
  /** A provider's stand-in for a contact that cannot be named yet; valid for 90 days. */
  | `pending-id@${string}`
  /** The person's key in a connected or imported system. */
  | `import@${string}`
  /** An employee. Never part of a person: somebody may be both. */
  | `staff-userid@${string}`

/** One id of one human in one namespace. */
export interface Identifier {
  readonly namespace: IdentifierNamespace
  readonly value: string
}

/** How far a piece of evidence carries: strong joins, medium joins only an imported profile, weak only suggests (domain rules a 1, 2). */
export type EdgeStrength = 'strong' | 'medium' | 'weak'

/** `quarantined`: would break a hard constraint. `rejected`: somebody decided against it; it never returns by itself. */
export type EdgeState = 'active' | 'quarantined' | 'rejected'

/** What showed two identifiers together; `strengthOf` says how far each carries. */
export type EdgeSource =
  | 'code2Session'
  | 'contactDetail'
  | 'idConvert'
  | 'oauth'
  | 'bindLink'
  | 'integration'
  | 'operator'
  | 'verifiedPhone'
  | 'channelState'
  | 'staffEntry'

/** One piece of evidence: these two identifiers were seen to be one human. */
export interface Edge {
  readonly a: Identifier
  readonly b: Identifier
  readonly source: EdgeSource
  readonly strength: EdgeStrength
  readonly state: EdgeState
  /** When it was first seen, ISO 8601. */
  readonly observedAt: string
}

/** How accounts of a channel are bound (R38-R40). */
export type BindingMode = 'forced' | 'progressive' | 'independent'

/** A person an identifier already belongs to. */
export interface IdentifierOwner {
  readonly personId: string
  readonly isMember: boolean
  /** When the person was first seen, ISO 8601. */
  readonly createdAt: string
  /** All identifiers this person holds. */
  readonly identifiers: readonly Identifier[]
  /** Of the channel that brought this member; progressive when there is none. */
  readonly bindingMode?: BindingMode
}

/** Why a person has to look before two become one. The hard constraints first. */
export type ConflictReason = 'secondUnionId' | 'secondOpenId' | 'secondExternalUserId' | 'isStaff'
export type ReviewReason = ConflictReason | 'severalMembers' | 'sharedPhone' | 'weakEvidence' | 'independent'

/** What to do with identifiers that evidence showed together. */
export type LinkDecision =
  | { readonly kind: 'create' }
  | { readonly kind: 'attach'; readonly personId: string }
  | { readonly kind: 'merge'; readonly survivorId: string; readonly absorbedIds: readonly string[] }
  | { readonly kind: 'review'; readonly reason: ReviewReason; readonly personIds: readonly string[] }
