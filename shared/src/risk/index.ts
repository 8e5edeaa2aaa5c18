export { assessRisk } from './assessRisk.ts'
export {
  createRiskAllowance,
  listRiskAllowances,
  listRiskDecisions,
  reviewRiskDecision,
  riskOutcomeSchema,
  type RiskDecision,
  type RiskOutcome,
} from './contract.ts'
export { fastFormSeconds } from './limits.ts'
export type { RiskAssessment, RiskFacts, RiskSignal } from './types.ts'
