import {
  createRiskAllowance as createRiskAllowanceContract,
  listRiskAllowances as listRiskAllowancesContract,
  listRiskDecisions as listRiskDecisionsContract,
  reviewRiskDecision as reviewRiskDecisionContract,
} from '@qihui/shared/risk'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { createRiskAllowance, reviewRiskDecision } from './commands.ts'
import { listRiskAllowances, listRiskDecisions } from './queries.ts'

export function riskRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'growthRules'>): Route[] {
  return [
    route(listRiskDecisionsContract, ({ query }) => listRiskDecisions(services, query.open === undefined ? null : query.open === 'true')),
    route(reviewRiskDecisionContract, ({ actor, params, body, requestId }) => reviewRiskDecision(services, actor, { ...params, ...body, requestId })),
    route(listRiskAllowancesContract, async () => ({ allowances: await listRiskAllowances(services) })),
    route(createRiskAllowanceContract, ({ actor, body }) => createRiskAllowance(services, actor, body)),
  ]
}
