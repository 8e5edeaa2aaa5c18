export {
  createRiskAllowance,
  listRiskAllowances,
  listRiskDecisions,
  reviewRiskDecision,
  riskOutcomeSchema,
  type RiskDecision,
  type RiskOutcome,
} from './contract.ts'
