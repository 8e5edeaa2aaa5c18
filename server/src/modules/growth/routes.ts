import { postOrder as postOrderContract } from '@qihui/shared/growth'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { postOrder } from './commands.ts'

export function growthRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [route(postOrderContract, ({ body }) => postOrder(services, body))]
}
