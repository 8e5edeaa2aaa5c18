import {
  getConsentHistory,
  getConsentStandings as getConsentStandingsContract,
  getPolicy,
  grantConsent as grantConsentContract,
  listPolicies as listPoliciesContract,
  publishPolicy as publishPolicyContract,
  refuseConsent as refuseConsentContract,
  withdrawConsent as withdrawConsentContract,
} from '@qihui/shared/consent'
import { AppError } from '@qihui/shared/errors'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { grantConsent, publishPolicy, refuseConsent, withdrawConsent } from './commands.ts'
import { presentPolicyText } from './present.ts'
import { getConsentStandings, listConsentHistory, listPolicies } from './queries.ts'

export function consentRoutes(services: Pick<Services, 'db' | 'now' | 'env' | 'policies'>): Route[] {
  return [
    route(grantConsentContract, ({ actor, body }) => grantConsent(services, actor, body)),
    route(refuseConsentContract, ({ actor, body }) => refuseConsent(services, actor, body)),
    route(withdrawConsentContract, ({ actor, body }) => withdrawConsent(services, actor, body.purposes)),
    route(getConsentStandingsContract, ({ actor }) => getConsentStandings(services, actor)),
    route(getConsentHistory, async ({ actor }) => ({ records: await listConsentHistory(services, actor) })),
    route(getPolicy, async ({ params }) => {
      const policy = await services.policies.find(params.version)
      if (policy === null) throw new AppError('request.notFound')
      return presentPolicyText(policy)
    }),
    route(listPoliciesContract, async () => ({
      policies: (await listPolicies(services)).map((policy) => ({ ...presentPolicyText(policy), summary: [...policy.summary], publishedBy: policy.publishedBy, consents: policy.consents })),
    })),
    route(publishPolicyContract, async ({ actor, body }) => presentPolicyText(await publishPolicy(services, actor, body))),
  ]
}
