import { postOrder as postOrderContract, refundOrder as refundOrderContract } from '@qihui/shared/growth'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { requireScope } from '../api-key/policy.ts'
import { postOrder, refundOrder } from './commands.ts'

export function growthRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [
    route(postOrderContract, ({ actor, body }) => {
      requireScope(actor, 'orders:write')
      return postOrder(services, body)
    }),
    route(refundOrderContract, ({ actor, params, body }) => {
      requireScope(actor, 'orders:write')
      return refundOrder(services, params.orderNo, body)
    }),
  ]
}
