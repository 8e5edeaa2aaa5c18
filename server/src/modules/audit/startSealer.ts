import { createAuditChain } from '../../security/auditChain.ts'
import type { Services } from '../../services.ts'
import { sealAll } from './commands/sealEntries.ts'

/** How often the sealer looks, milliseconds: what was written less than this ago is bound by no link yet. */
const pauseMs = 3000
/** Rows are written by the clocks of several processes and committed a little out of order. */
const overlapMs = 60_000
/** Between the quick looks, everything of the last two days is compared once more, for what came later than that. */
const sweepEveryMs = 10 * 60_000
const sweepBackMs = 2 * 24 * 3600_000

/** The running sealer of this process. */
export interface Sealer {
  stop(): Promise<void>
}

/** Seals what is written, every few seconds, as long as the process works; of several processes one does, whichever gets the lock. */
export function startSealer(services: Pick<Services, 'db' | 'log' | 'now' | 'env'>): Sealer {
  const chain = createAuditChain(services.env.auditKey, services.env.indexKey)
  let isStopping = false
  let wake = () => {}
  // The first look of a process is at everything: nobody knows how long none has run.
  let from = new Date(0)
  let sweptAt = 0

  async function look(): Promise<void> {
    const at = services.now().getTime()
    const isSweepDue = Math.abs(at - sweptAt) >= sweepEveryMs
    const sealed = await sealAll(services, chain, isSweepDue && sweptAt > 0 ? new Date(at - sweepBackMs) : from)
    if (sealed === null) return
    if (isSweepDue) sweptAt = at
    from = new Date(at - overlapMs)
  }

  async function loop(): Promise<void> {
    while (!isStopping) {
      await look().catch((error: unknown) => services.log.error({ alert: 'auditSealer', err: error }, 'the audit could not be sealed'))
      if (isStopping) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = loop()
  return {
    async stop() {
      isStopping = true
      wake()
      await running
    },
  }
}
