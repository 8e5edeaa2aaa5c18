import {
  getContactTierExplanation,
  getOwnGrowthEntries,
  getTierExplanation,
  listTierRules as listTierRulesContract,
  previewTierRules as previewTierRulesContract,
  publishTierRules as publishTierRulesContract,
} from '@qihui/shared/tier'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { getContactTier, getOwnTier, listOwnGrowthEntries } from './queries.ts'
import { publishTierRules } from './ruleCommands.ts'
import { listTierRules, previewTierRules } from './ruleQueries.ts'

export function tierRoutes(services: Pick<Services, 'db' | 'now' | 'env' | 'tierRules' | 'growthRules'>): Route[] {
  return [
    route(getTierExplanation, ({ actor }) => getOwnTier(services, actor)),
    route(getOwnGrowthEntries, ({ actor, query }) => listOwnGrowthEntries(services, actor, query.after ?? null)),
    route(getContactTierExplanation, ({ actor, params }) => getContactTier(services, actor, params.externalUserId)),
    route(listTierRulesContract, () => listTierRules(services)),
    route(previewTierRulesContract, ({ body }) => previewTierRules(services, body.definition)),
    route(publishTierRulesContract, ({ actor, body, requestId }) => publishTierRules(services, actor, body, requestId)),
  ]
}
