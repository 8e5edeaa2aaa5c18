import {
  listGrowthRules as listGrowthRulesContract,
  postOrder as postOrderContract,
  previewGrowthRules as previewGrowthRulesContract,
  publishGrowthRules as publishGrowthRulesContract,
  refundOrder as refundOrderContract,
} from '@qihui/shared/growth'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { postOrder, refundOrder } from './commands.ts'
import { listGrowthRules, previewGrowthRules } from './queries.ts'
import { publishGrowthRules } from './ruleCommands.ts'

export function growthRoutes(services: Pick<Services, 'db' | 'now' | 'env' | 'growthRules' | 'tierRules'>): Route[] {
  return [
    route(postOrderContract, ({ actor, body }) => {
      requireScope(actor, 'orders:write')
      return postOrder(services, body)
    }),
    route(refundOrderContract, ({ actor, params, body }) => {
      requireScope(actor, 'orders:write')
      return refundOrder(services, params.orderNo, body)
    }),
    route(listGrowthRulesContract, () => listGrowthRules(services)),
    route(previewGrowthRulesContract, ({ body }) => previewGrowthRules(services, body.definition, body.days)),
    route(publishGrowthRulesContract, ({ actor, body, requestId }) => publishGrowthRules(services, actor, body, requestId)),
  ]
}
