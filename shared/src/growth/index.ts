export { growthForInteraction, growthForOrder, growthToReverse, type InteractionKind } from './awards.ts'
export { postOrder, refundOrder } from './contract.ts'
export { firstGrowthRules, growthRulesAt, type GrowthRules, type GrowthRulesDefinition } from './rules.ts'
export { listGrowthRules, previewGrowthRules, publishGrowthRules, type PublishedGrowthRules } from './rulesContract.ts'
