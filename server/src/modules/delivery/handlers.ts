import { handle, type JobHandler } from '../../jobs/handle.ts'
import { MessageRefusedError, MessageUndeliveredError } from '../../messaging/index.ts'
import type { Services } from '../../services.ts'
import { canMarket } from '../consent/queries.ts'
import { sendDelivery } from './jobs.ts'
import { holdersOf } from './queries.ts'
import { bodyPlace, recipientPlace } from './steps.ts'
import { finishDelivery, selectQueued } from './tables.ts'

type DeliveryServices = Pick<Services, 'db' | 'now' | 'cipher' | 'policies' | 'mail' | 'sms'>

interface QueuedRow {
  readonly medium: 'sms' | 'email'
  readonly purpose: 'service' | 'marketing'
  readonly person_id: string | null
  readonly recipient_sealed: Buffer
  readonly subject: string | null
  readonly body_sealed: Buffer
}

/** Asked at the last moment: consent may have been withdrawn, or a stranger may have become a member, while the message waited (trust test 59). */
async function isStillAllowed({ db, cipher, policies, now }: DeliveryServices, row: QueuedRow, to: string): Promise<boolean> {
  if (row.purpose === 'service') return true
  const holders = row.medium === 'sms' ? ((await holdersOf(db, cipher, [to])).get(to) ?? []) : []
  const persons = new Set([...holders, ...(row.person_id === null ? [] : [row.person_id])])
  const allowed = await Promise.all([...persons].map((personId) => canMarket(db, policies, personId, now())))
  return !allowed.includes(false)
}

async function send({ mail, sms }: DeliveryServices, deliveryId: string, row: QueuedRow, to: string, text: string): Promise<void> {
  if (row.medium === 'sms') {
    if (sms === null) throw new MessageUndeliveredError('no SMS provider is set up')
    return sms.send({ reference: deliveryId, to, text })
  }
  if (mail === null) throw new MessageUndeliveredError('no mail server is set up')
  return mail.send({ reference: deliveryId, to, subject: row.subject ?? '', text })
}

/** The job door of messages. A repeat after a crash carries the same reference, which the provider knows as the same message (P5). */
export function deliveryHandlers(services: DeliveryServices): JobHandler[] {
  const { db, now, cipher } = services
  return [
    handle(sendDelivery, async ({ deliveryId }, { attempt }) => {
      const finish = (state: 'sent' | 'failed' | 'cancelled', reason: string | null) => db.run(finishDelivery, [deliveryId, state, reason, now()])
      const [row] = await db.run<QueuedRow>(selectQueued, [deliveryId])
      if (row === undefined) return
      const to = cipher.open(recipientPlace(deliveryId), row.recipient_sealed)
      if (!(await isStillAllowed(services, row, to))) {
        await finish('cancelled', '发送前复核：对方没有同意接收营销信息')
        return
      }
      try {
        await send(services, deliveryId, row, to, cipher.open(bodyPlace(deliveryId), row.body_sealed))
        await finish('sent', null)
      } catch (error) {
        if (error instanceof MessageRefusedError) {
          await finish('failed', error.reason)
          return
        }
        if (attempt >= sendDelivery.retryLimit) await finish('failed', '多次尝试后仍未能发出')
        throw error
      }
    }),
  ]
}
