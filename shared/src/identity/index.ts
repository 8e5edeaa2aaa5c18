export { decideLink } from './decideLink.ts'
export type { Identifier, IdentifierNamespace, IdentifierOwner, LinkDecision } from './types.ts'
