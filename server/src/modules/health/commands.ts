import { deadLetterBatchSize, type discardDeadLetters, type replayDeadLetters } from '@qihui/shared/health'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { Statement, Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { letterQueueOf } from '../../jobs/deadLetterQueues.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { countLetters, discardLetters, replayLetters } from './deadLetterTables.ts'

type LetterServices = Pick<Services, 'db' | 'now'>
type Choice = BodyOf<typeof replayDeadLetters>['choice']

interface Deed {
  readonly action: 'deadLetter.replay' | 'deadLetter.discard'
  readonly job: string
  readonly choice: Choice
  readonly statement: Statement
  /** What the statement takes besides queue, ids, instant and limit. */
  readonly more: readonly unknown[]
  readonly fields: readonly string[]
  readonly requestId: string
}

async function deal({ db, now }: LetterServices, actor: StaffActor, { action, job, choice, statement, more, fields, requestId }: Deed): Promise<ResponseOf<typeof replayDeadLetters>> {
  const meant = [letterQueueOf(job), choice.kind === 'some' ? choice.deadLetterIds : null, choice.kind === 'all' ? choice.gaveUpUntil : null]
  return db.transaction(async (tx: Tx) => {
    const [done] = await tx.run<{ handled: number }>(statement, [...meant, deadLetterBatchSize, ...more])
    const handled = done?.handled ?? 0
    if (handled > 0) await recordAudit(tx, { at: now(), actor: auditActorOf(actor), action, subject: `job:${job}`, fields: [`count:${handled}`, ...fields], requestId })
    const [rest] = await tx.run<{ left: number }>(countLetters, meant)
    return { handled, left: rest?.left ?? 0 }
  })
}

/**
 * Asks for jobs that failed for good once more (P5, test 7): they leave the queue of letters and enter the outbox in one transaction,
 * so two operators at once ask once. At most 500 a call; `left` says whether to call again.
 */
export function replayLettersOf(services: LetterServices, actor: StaffActor, { job, choice }: BodyOf<typeof replayDeadLetters>, requestId: string): Promise<ResponseOf<typeof replayDeadLetters>> {
  return deal(services, actor, { action: 'deadLetter.replay', job, choice, statement: replayLetters, more: [job], fields: [], requestId })
}

/** Drops jobs that failed for good; how many and why stays in the audit. At most 500 a call. */
export function discardLettersOf(services: LetterServices, actor: StaffActor, { job, choice, reason }: BodyOf<typeof discardDeadLetters>, requestId: string): Promise<ResponseOf<typeof discardDeadLetters>> {
  return deal(services, actor, { action: 'deadLetter.discard', job, choice, statement: discardLetters, more: [], fields: [`reason:${reason}`], requestId })
}
