import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { FieldCipher, Place } from '../../security/fieldCipher.ts'
import { newId } from '../../security/newId.ts'
import { sendDelivery } from './jobs.ts'
import type { Recipient } from './recipient.ts'
import { insertDeliveries } from './tables.ts'

/** Where the recipient of a message rests. */
export function recipientPlace(deliveryId: string): Place {
  return { table: 'delivery', column: 'recipient_sealed', rowId: deliveryId }
}

/** Where the words of a message rest. */
export function bodyPlace(deliveryId: string): Place {
  return { table: 'delivery', column: 'body_sealed', rowId: deliveryId }
}

/** Messages of one kind to several people. */
export interface Messages {
  /** `service` follows from the membership; `marketing` needs consent, now and when it is sent. */
  readonly purpose: 'service' | 'marketing'
  readonly channelId: string | null
  /** Of e-mails. */
  readonly subject: string | null
  readonly createdBy: string
  readonly to: readonly { readonly recipient: Recipient; readonly personId: string | null; readonly text: string }[]
}

/** Queues messages in the caller's transaction, sealed, with one job each. Nothing leaves before it commits (P5). */
export async function queueMessages(tx: Tx, cipher: FieldCipher, messages: Messages, at: Date): Promise<void> {
  const { purpose, channelId, subject, createdBy, to } = messages
  if (to.length === 0) return
  const ids = to.map(() => newId())
  const rows = to.map(({ recipient, personId, text }, index) => {
    const deliveryId = ids[index] ?? ''
    return {
      medium: recipient.medium,
      personId,
      recipient: cipher.seal(recipientPlace(deliveryId), recipient.address),
      index: cipher.indexOf('delivery.recipient', recipient.address),
      body: cipher.seal(bodyPlace(deliveryId), text),
    }
  })
  await tx.run(insertDeliveries, [
    ids, rows.map(({ medium }) => medium), purpose, rows.map(({ personId }) => personId), channelId, rows.map(({ recipient }) => recipient),
    rows.map(({ index }) => index), subject, rows.map(({ body }) => body), createdBy, at,
  ])
  for (const deliveryId of ids) await enqueue(tx, sendDelivery, { deliveryId })
}
