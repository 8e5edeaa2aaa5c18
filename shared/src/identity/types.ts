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

/** One id of one human in one namespace. */
export interface Identifier {
  readonly namespace: IdentifierNamespace
  readonly value: string
}

/** A person an identifier already belongs to. */
export interface IdentifierOwner {
  readonly personId: string
  readonly isMember: boolean
  /** When the person was first seen, ISO 8601. */
  readonly createdAt: string
  /** All identifiers this person holds. */
  readonly identifiers: readonly Identifier[]
}

/** What to do with identifiers that one strong observation showed together. */
export type LinkDecision =
  | { readonly kind: 'create' }
  | { readonly kind: 'attach'; readonly personId: string }
  | { readonly kind: 'merge'; readonly survivorId: string; readonly absorbedIds: readonly string[] }
  | { readonly kind: 'review'; readonly reason: 'severalMembers' | 'secondUnionId'; readonly personIds: readonly string[] }
