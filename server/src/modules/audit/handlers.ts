import { openDatabase } from '../../db/pool.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import { createAuditChain } from '../../security/auditChain.ts'
import type { Services } from '../../services.ts'
import { purgeAudit } from './commands/purgeAudit.ts'
import { signHeads } from './commands/signHeads.ts'
import { verifyAndKeep } from './commands/verifyAudit.ts'
import { createHeadStore } from './headStore.ts'
import { purgeOldAudit, signAuditHeads, verifyAuditChain } from './jobs.ts'

const hourly = '5 * * * *'
const purgeNightly = '50 3 * * *'
const verifyNightly = '35 4 * * *'

type AuditServices = Pick<Services, 'db' | 'now' | 'log' | 'env'>

/** The purge's own connection: the address of the settings without the role of daily work. */
async function purge(services: AuditServices): Promise<void> {
  const owner = openDatabase(services.env.databaseUrl, (error) => services.log.error({ err: error }, 'database connection lost'), { connections: 1, isGreetingPlain: services.env.databaseRole === null })
  try {
    const outcome = await purgeAudit(services, owner)
    services.log.info(outcome, 'audit purged')
  } finally {
    await owner.close()
  }
}

export function auditHandlers(services: AuditServices): JobHandler[] {
  const chain = createAuditChain(services.env.auditKey, services.env.indexKey)
  const store = createHeadStore(services.env.auditHeadDir)
  return [
    handle(signAuditHeads, async () => void (await signHeads(services, chain, store)), { cron: hourly, payload: {} }),
    handle(verifyAuditChain, async ({ askedBy }) => void (await verifyAndKeep(services, chain, store, askedBy)), { cron: verifyNightly, payload: { askedBy: null } }),
    handle(purgeOldAudit, () => purge(services), { cron: purgeNightly, payload: {} }),
  ]
}
