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
export type { Identifier, IdentifierNamespace, IdentifierOwner, LinkDecision } from './types.ts'
