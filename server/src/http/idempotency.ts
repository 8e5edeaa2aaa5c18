import { hash } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { Statement, Tx } from '../db/pool.ts'

/** A claim without an answer that old belongs to a process that died; the next caller takes it over. */
const abandonedAfterSeconds = 60

const claimKey: Statement = {
  name: 'idempotency_claim',
  text: `insert into idempotency_key (scope, key, request_hash, created_at) values ($1, $2, $3, $4)
    on conflict (scope, key) do update set created_at = excluded.created_at
      where idempotency_key.status is null and idempotency_key.request_hash = excluded.request_hash
        and idempotency_key.created_at < excluded.created_at - make_interval(secs => ${abandonedAfterSeconds})
    returning 1`,
}
const readKey: Statement = { name: 'idempotency_read', text: 'select request_hash, status, response from idempotency_key where scope = $1 and key = $2' }
const storeAnswer: Statement = { name: 'idempotency_store', text: 'update idempotency_key set status = $3, response = $4 where scope = $1 and key = $2' }
const dropClaim: Statement = { name: 'idempotency_drop', text: 'delete from idempotency_key where scope = $1 and key = $2 and status is null' }

/** Identifies one attempt: who (scope), which key, and what was asked (hash). */
export interface IdempotentCall {
  readonly scope: string
  readonly key: string
  readonly requestHash: Buffer
}

/** Digest of what was asked, so that a reused key with another content is noticed. */
export function requestHashOf(parts: readonly unknown[]): Buffer {
  return hash('sha256', JSON.stringify(parts), 'buffer')
}

/**
 * The answer stored for this call, or null when there is none.
 * @throws AppError `idempotency.keyReused` (same key, other content), `idempotency.inProgress` (a twin is still running)
 */
export async function storedAnswer(tx: Tx, call: IdempotentCall): Promise<{ response: unknown } | null> {
  const [row] = await tx.run<{ request_hash: Buffer; status: number | null; response: unknown }>(readKey, [call.scope, call.key])
  if (row === undefined) return null
  if (!row.request_hash.equals(call.requestHash)) throw new AppError('idempotency.keyReused')
  if (row.status === null) throw new AppError('idempotency.inProgress')
  return { response: row.response }
}

/** Runs `work` once for a key: a repeat gets the stored answer, a failure frees the key (P4). */
export async function runOnce(tx: Tx, call: IdempotentCall, status: number, now: Date, work: () => Promise<unknown>): Promise<unknown> {
  const claimed = await tx.run(claimKey, [call.scope, call.key, call.requestHash, now])
  if (claimed.length === 0) {
    const stored = await storedAnswer(tx, call)
    if (stored === null) throw new AppError('idempotency.inProgress')
    return stored.response
  }
  try {
    const response = await work()
    await tx.run(storeAnswer, [call.scope, call.key, status, JSON.stringify(response)])
    return response
  } catch (error) {
    await tx.run(dropClaim, [call.scope, call.key])
    throw error
  }
}
