import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { restartRotation, rotateFieldKeys } from './commands.ts'
import { rotateKeys } from './jobs.ts'

/** Each night everything is looked at once more: an older process may have written after the first pass. */
const nightly = '20 4 * * *'

export function fieldKeyHandlers(services: Pick<Services, 'db' | 'now' | 'cipher' | 'log'>): JobHandler[] {
  const rotate = async (_payload: object, { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal }) => {
    if (attempt === 0) await restartRotation(services)
    const outcome = await rotateFieldKeys(services, signal)
    services.log.info({ version: services.cipher.currentVersion, ...outcome }, 'field keys rotated')
    if (outcome.unreadable > 0) services.log.error({ alert: 'sealUnreadable', unreadable: outcome.unreadable }, 'sealed values open under no key')
    // Cut off by a deadline or a stop: the queue runs it again.
    if (!outcome.isFinished) throw new Error('the rotation was interrupted')
  }
  return [handle(rotateKeys, rotate, { cron: nightly, payload: {} })]
}
