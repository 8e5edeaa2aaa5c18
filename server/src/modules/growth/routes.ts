import { postOrder as postOrderContract, refundOrder as refundOrderContract } from '@qihui/shared/growth'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { postOrder, refundOrder } from './commands.ts'

export function growthRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [route(postOrderContract, ({ body }) => postOrder(services, body)), route(refundOrderContract, ({ params, body }) => refundOrder(services, params.orderNo, body))]
}
