import { AppError } from '@qihui/shared/errors'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { ApiKeyScope, createApiKey as createApiKeyContract, listApiKeys as listApiKeysContract } from '@qihui/shared/member'
import type { StaffActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import { hashToken, newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { getApiKey } from './queries.ts'
import { insertApiKey, revokeApiKeyRow } from './tables.ts'

type ApiKey = ResponseOf<typeof listApiKeysContract>['keys'][number]

/** Makes a key for a connected system. The key itself is in this answer and nowhere else; we keep its hash. */
export async function createApiKey({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, input: BodyOf<typeof createApiKeyContract>): Promise<ApiKey & { readonly key: string }> {
  const [keyId, key] = [newId(), `qhk_${newSessionToken()}`]
  const scopes: ApiKeyScope[] = [...new Set(input.scopes)]
  const at = now()
  await db.transaction(async (tx) => {
    await tx.run(insertApiKey, [keyId, hashToken(key), input.name, scopes, at, actor.staffUserId])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'apiKey.create', subject: `apiKey:${keyId}`, fields: scopes })
  })
  return { ...(await getApiKey({ db }, keyId)), key }
}

/** Ends a key for good; other processes refuse it within a minute. Twice is once. @throws AppError `request.notFound` */
export async function revokeApiKey({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, keyId: string): Promise<ApiKey> {
  const at = now()
  await db.transaction(async (tx) => {
    const revoked = await tx.run(revokeApiKeyRow, [keyId, at])
    if (revoked.length === 0) throw new AppError('request.notFound')
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'apiKey.revoke', subject: `apiKey:${keyId}` })
  })
  return getApiKey({ db }, keyId)
}
