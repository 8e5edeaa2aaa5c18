import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { ApiKeyScope, listApiKeys as listApiKeysContract } from '@qihui/shared/member'
import type { Tx } from '../../db/pool.ts'
import { selectApiKey, selectApiKeys } from './tables.ts'

type ApiKey = ResponseOf<typeof listApiKeysContract>['keys'][number]
interface ApiKeyRow {
  readonly key_id: string
  readonly name: string
  readonly scopes: ApiKeyScope[]
  readonly created_at: Date
  readonly created_by: string
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    keyId: row.key_id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}

/** The newest 200 keys, ended ones included. */
export async function listApiKeys({ db }: { readonly db: Tx }): Promise<ApiKey[]> {
  return (await db.run<ApiKeyRow>(selectApiKeys, [])).map(presentApiKey)
}

/** @throws AppError `request.notFound` */
export async function getApiKey({ db }: { readonly db: Tx }, keyId: string): Promise<ApiKey> {
  const [row] = await db.run<ApiKeyRow>(selectApiKey, [keyId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentApiKey(row)
}
