import type { Channel } from '@qihui/shared/channel'
import type { Services } from '../../services.ts'
import { selectChannels } from './tables.ts'

interface ChannelRow {
  readonly channel_id: string
  readonly token: string
  readonly name: string
  readonly store_name: string | null
  readonly staff_user_id: string | null
  readonly utm: Channel['utm']
  readonly state: Channel['state']
  readonly registrations: number
}

/** The newest 500 scan channels with the members each has brought. */
export async function listChannels({ db }: Pick<Services, 'db'>): Promise<Channel[]> {
  const rows = await db.run<ChannelRow>(selectChannels, [])
  return rows.map((row) => ({
    channelId: row.channel_id,
    token: row.token,
    name: row.name,
    storeName: row.store_name,
    staffUserId: row.staff_user_id,
    utm: row.utm,
    state: row.state,
    registrations: row.registrations,
  }))
}
