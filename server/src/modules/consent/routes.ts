import { getPolicy, grantConsent as grantConsentContract, policies } from '@qihui/shared/consent'
import { AppError } from '@qihui/shared/errors'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { grantConsent, policyHash } from './commands.ts'

export function consentRoutes(services: Pick<Services, 'db' | 'now'>): Route[] {
  return [
    route(grantConsentContract, ({ actor, body }) => grantConsent(services, actor, body)),
    route(getPolicy, async ({ params }) => {
      const policy = policies.find(({ version }) => version === params.version)
      if (policy === undefined) throw new AppError('request.notFound')
      return {
        version: policy.version,
        title: policy.title,
        publishedAt: policy.publishedAt,
        textHash: policyHash(policy),
        sections: policy.sections.map(({ heading, paragraphs }) => ({ heading, paragraphs: [...paragraphs] })),
      }
    }),
  ]
}
