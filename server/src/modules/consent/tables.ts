import type { Statement } from '../../db/pool.ts'

/** $1 version, $2 title, $3 text, $4 hash, $5 published_at. */
export const insertPolicyVersion: Statement = {
  name: 'policy_version_insert',
  text: `insert into policy_version (version, title, text, text_hash, published_at) values ($1, $2, $3, $4, $5) on conflict (version) do nothing`,
}

/** $1 version. */
export const selectPolicyHash: Statement = { name: 'policy_version_hash', text: 'select text_hash from policy_version where version = $1' }

/** $1 consent ids, $2 purposes (same length), $3 open_id, $4 policy version, $5 channel token, $6 granted_at. */
export const insertConsents: Statement = {
  name: 'consent_insert',
  text: `insert into consent (consent_id, open_id, purpose, policy_version, channel_token, granted_at)
    select granted.consent_id, $3, granted.purpose, $4, $5, $6 from unnest($1::uuid[], $2::text[]) as granted(consent_id, purpose)`,
}
