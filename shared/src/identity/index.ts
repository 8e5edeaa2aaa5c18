export {
  decideIdentityReview,
  getConsistency,
  getMergePreview,
  identityReviewSchema,
  listIdentityReviews,
  listMerges,
  recordKeyAct,
  recordKeyActByIntegration,
  undoMerge,
  type IdentityReview,
} from './contract.ts'
export { decideLink } from './decideLink.ts'
export { edgeOf, evidenceIn, identifierKey, strengthOf } from './edges.ts'
export { homesOf } from './homesOf.ts'
export { conflictIn, partition } from './partition.ts'
export { resolveConsents, type PurposeStanding } from './resolveConsents.ts'
export { survivorOf } from './survivorOf.ts'
export type { BindingMode, ConflictReason, Edge, EdgeSource, EdgeState, EdgeStrength, Identifier, IdentifierNamespace, IdentifierOwner, LinkDecision, ReviewReason } from './types.ts'
