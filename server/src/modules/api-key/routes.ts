import { createApiKey as createApiKeyContract, listApiKeys as listApiKeysContract, revokeApiKey as revokeApiKeyContract } from '@qihui/shared/member'
import { route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import type { ApiKeys } from './apiKeys.ts'
import { createApiKey, revokeApiKey } from './commands.ts'
import { listApiKeys } from './queries.ts'

export function apiKeyRoutes(services: Pick<Services, 'db' | 'now'>, keys: ApiKeys): Route[] {
  return [
    route(listApiKeysContract, async () => ({ keys: await listApiKeys(services) })),
    route(createApiKeyContract, ({ actor, body }) => createApiKey(services, actor, body)),
    route(revokeApiKeyContract, async ({ actor, params }) => {
      const revoked = await revokeApiKey(services, actor, params.keyId)
      keys.forget()
      return revoked
    }),
  ]
}
