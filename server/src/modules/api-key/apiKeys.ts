import { timingSafeEqual } from 'node:crypto'
import { apiKeyScopeSchema, type ApiKeyScope } from '@qihui/shared/member'
import { LRUCache } from 'lru-cache'
import type { IntegrationActor } from '../../http/actor.ts'
import { hashToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { useApiKey } from './tables.ts'

/** How long a process may trust what it read; a revoked key is refused everywhere within a minute (P6). */
const cacheTtlMs = 60_000
const cacheSize = 1000

/** The name of the key in the settings: it may do everything, and is never listed. */
const settingsKeyId = 'env'
const everyScope: ReadonlySet<ApiKeyScope> = new Set(apiKeyScopeSchema.options)

/** Recognises keys of connected systems; only their hashes are stored. */
export interface ApiKeys {
  authenticate(key: string): Promise<IntegrationActor | null>
  /** Drops what this process remembers, after a revocation here. */
  forget(): void
}

export function createApiKeys({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>): ApiKeys {
  const cache = new LRUCache<string, IntegrationActor>({ max: cacheSize, ttl: cacheTtlMs })
  const settingsHash = hashToken(env.integrationApiKey)
  return {
    forget: () => cache.clear(),
    async authenticate(key) {
      if (key === '') return null
      const hash = hashToken(key)
      if (timingSafeEqual(hash, settingsHash)) return { kind: 'integration', keyId: settingsKeyId, scopes: everyScope }
      const known = cache.get(hash.toString('base64'))
      if (known) return known
      const [row] = await db.run<{ key_id: string; scopes: ApiKeyScope[] }>(useApiKey, [hash, now()])
      if (row === undefined) return null
      const actor: IntegrationActor = { kind: 'integration', keyId: row.key_id, scopes: new Set(row.scopes) }
      cache.set(hash.toString('base64'), actor)
      return actor
    },
  }
}
