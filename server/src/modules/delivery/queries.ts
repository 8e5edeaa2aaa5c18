import type { Delivery } from '@qihui/shared/delivery'
import type { Tx } from '../../db/pool.ts'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { maskRecipient } from './recipient.ts'
import { recipientPlace } from './steps.ts'
import { selectHolders, selectRecent } from './tables.ts'

interface DeliveryRow {
  readonly delivery_id: string
  readonly medium: Delivery['medium']
  readonly purpose: Delivery['purpose']
  readonly recipient_sealed: Buffer
  readonly state: Delivery['state']
  readonly reason: string | null
  readonly channel_name: string | null
  readonly created_at: Date
  readonly finished_at: Date | null
}

/** The newest 500 messages; of a recipient only the mask leaves. */
export async function listDeliveries({ db, cipher }: Pick<Services, 'db' | 'cipher'>): Promise<Delivery[]> {
  const rows = await db.run<DeliveryRow>(selectRecent, [])
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    medium: row.medium,
    purpose: row.purpose,
    recipientMasked: maskRecipient({ medium: row.medium, address: cipher.open(recipientPlace(row.delivery_id), row.recipient_sealed) }),
    state: row.state,
    reason: row.reason,
    channelName: row.channel_name,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }))
}

/** The members behind each phone number: more than one may have given the same. */
export async function holdersOf(tx: Tx, cipher: FieldCipher, addresses: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const byIndex = new Map(addresses.map((address) => [cipher.indexOf('member.phone', address).toString('hex'), address]))
  const rows = await tx.run<{ phone_index: Buffer; person_id: string }>(selectHolders, [[...byIndex.keys()].map((hex) => Buffer.from(hex, 'hex'))])
  const holders = new Map<string, string[]>()
  for (const row of rows) {
    const address = byIndex.get(row.phone_index.toString('hex')) ?? ''
    holders.set(address, [...(holders.get(address) ?? []), row.person_id])
  }
  return holders
}
