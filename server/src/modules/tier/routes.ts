import { getContactTierExplanation, getOwnGrowthEntries, getTierExplanation } from '@qihui/shared/tier'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { getContactTier, getOwnTier, listOwnGrowthEntries } from './queries.ts'

export function tierRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [
    route(getTierExplanation, ({ actor }) => getOwnTier(services, actor)),
    route(getOwnGrowthEntries, ({ actor, query }) => listOwnGrowthEntries(services, actor, query.after ?? null)),
    route(getContactTierExplanation, ({ actor, params }) => getContactTier(services, actor, params.externalUserId)),
  ]
}
