import { addDays, localDateOf } from '@qihui/shared/tier'
import type { AuditChain, ChainHead } from '../../../security/auditChain.ts'
import type { Services } from '../../../services.ts'
import type { HeadStore } from '../headStore.ts'
import { insertHead, selectUnsignedHeads } from '../tables.ts'

/** A row committed after midnight still belongs to its day; older days do not grow. */
const daysThatGrow = 3

/**
 * Signs the last link of each day that has grown, and copies it out of the database: whoever cuts the end of a chain later cannot cut the
 * copy (P8). Every hour, and whenever asked.
 */
export async function signHeads(services: Pick<Services, 'db' | 'now' | 'log'>, chain: AuditChain, store: HeadStore, options: { readonly fromDay?: string } = {}): Promise<ChainHead[]> {
  const signedAt = services.now().toISOString()
  const from = options.fromDay ?? addDays(localDateOf(signedAt), -daysThatGrow)
  const rows = await services.db.run<{ day: string; seq: number; hash: Buffer }>(selectUnsignedHeads, [from])
  const heads = rows.map((row) => ({ ...row, signedAt }))
  for (const head of heads) {
    const signature = chain.signHead(head)
    await store.keep(head, signature)
    await services.db.run(insertHead, [head.day, head.seq, head.hash, signedAt, signature])
    services.log.info({ day: head.day, seq: head.seq, hash: head.hash.toString('hex'), signature: signature.toString('base64url'), signedAt }, 'audit head signed')
  }
  return heads
}
