import type { Statement } from '../../db/pool.ts'

const keyColumns = `k.key_id, k.name, k.scopes, k.created_at, coalesce(s.name, k.created_by) as created_by, k.last_used_at, k.revoked_at
    from api_key k left join staff s on s.staff_user_id = k.created_by`

/** $1 id, $2 hash, $3 name, $4 scopes, $5 now, $6 by. */
export const insertApiKey: Statement = {
  name: 'api_key_insert',
  text: 'insert into api_key (key_id, key_hash, name, scopes, created_at, created_by) values ($1, $2, $3, $4, $5, $6)',
}

/** The newest 200. */
export const selectApiKeys: Statement = { name: 'api_key_list', text: `select ${keyColumns} order by k.created_at desc, k.key_id desc limit 200` }

/** $1 key id. */
export const selectApiKey: Statement = { name: 'api_key_select', text: `select ${keyColumns} where k.key_id = $1` }

/** $1 key id, $2 now. Twice keeps the first time. */
export const revokeApiKeyRow: Statement = { name: 'api_key_revoke', text: 'update api_key set revoked_at = coalesce(revoked_at, $2) where key_id = $1 returning 1' }

/** A live key, and a note that it was used, at most once a minute. $1 hash, $2 now. */
export const useApiKey: Statement = {
  name: 'api_key_use',
  text: `with noted as (
      update api_key set last_used_at = $2 where key_hash = $1 and revoked_at is null and (last_used_at is null or last_used_at <= $2::timestamptz - interval '1 minute')
    )
    select key_id, scopes from api_key where key_hash = $1 and revoked_at is null`,
}
