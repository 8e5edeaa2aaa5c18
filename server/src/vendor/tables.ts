import type { Statement } from '../db/pool.ts'

/** A row of `vendor_credential`. */
export interface CredentialRow {
  readonly value_sealed: Buffer | null
  readonly obtained_at: Date | null
  readonly expires_at: Date | null
  readonly blocked_until: Date | null
  readonly lease_until: Date | null
  readonly secret_digest: Buffer | null
}

const columns = 'value_sealed, obtained_at, expires_at, blocked_until, lease_until, secret_digest'

export const readCredential: Statement = {
  name: 'vendor.readCredential',
  text: `select ${columns} from vendor_credential where vendor = $1 and app = $2 and kind = $3`,
}

/** Takes the lease when nobody holds it and nobody refreshed since the row was read: one row, or none. */
export const takeLease: Statement = {
  name: 'vendor.takeLease',
  text: `insert into vendor_credential as c (vendor, app, kind, lease_id, lease_until)
    values ($1, $2, $3, $4, $5)
    on conflict (vendor, app, kind) do update set lease_id = excluded.lease_id, lease_until = excluded.lease_until
      where (c.lease_until is null or c.lease_until <= $6) and c.value_sealed is not distinct from $7
    returning lease_id`,
}

export const storeCredential: Statement = {
  name: 'vendor.storeCredential',
  text: `update vendor_credential
    set value_sealed = $5, obtained_at = $6, expires_at = $7, secret_digest = $8, blocked_until = null, lease_id = null, lease_until = null
    where vendor = $1 and app = $2 and kind = $3 and lease_id = $4`,
}

export const blockCredential: Statement = {
  name: 'vendor.blockCredential',
  text: `update vendor_credential
    set value_sealed = null, blocked_until = $5, secret_digest = $6, lease_id = null, lease_until = null
    where vendor = $1 and app = $2 and kind = $3 and lease_id = $4`,
}

export const releaseLease: Statement = {
  name: 'vendor.releaseLease',
  text: `update vendor_credential set lease_id = null, lease_until = null
    where vendor = $1 and app = $2 and kind = $3 and lease_id = $4`,
}
