import { getContactTierExplanation, getTierExplanation } from '@qihui/shared/tier'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { getContactTier, getOwnTier } from './queries.ts'

export function tierRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [
    route(getTierExplanation, ({ actor }) => getOwnTier(services, actor)),
    route(getContactTierExplanation, ({ actor, params }) => getContactTier(services, actor, params.externalUserId)),
  ]
}
