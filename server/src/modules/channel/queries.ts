import type { Channel, getChannelFunnel } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { managedBy } from './policy.ts'
import { presentChannel, type ChannelRow } from './present.ts'
import { selectChannels, selectFunnel, selectInviteChannel, selectManagedChannel } from './tables.ts'

type Funnel = Omit<ResponseOf<typeof getChannelFunnel>, 'channelId'>
type QueryServices = Pick<Services, 'db' | 'now' | 'env'>

/** Who opened it less than this ago may still be filling in, milliseconds. */
const inFlightMs = 60 * 60 * 1000

/** The newest 500 channels with the members each has brought: an operator's list holds all, a rep's their own. */
export async function listChannels({ db, now, env }: QueryServices, actor: StaffActor): Promise<Channel[]> {
  const rows = await db.run<ChannelRow>(selectChannels, [managedBy(actor)])
  return rows.map((row) => presentChannel(row, env.publicUrl, now()))
}

/** One channel this employee manages. @throws AppError `channel.notFound`, for somebody else's as well */
export async function requireManagedChannel({ db }: Pick<Services, 'db'>, actor: StaffActor, channelId: string): Promise<ChannelRow> {
  const [row] = await db.run<ChannelRow>(selectManagedChannel, [channelId, managedBy(actor)])
  if (row === undefined) throw new AppError('channel.notFound')
  return row
}

/** What became of the visits of a channel (R9, R102). Who still fills in is counted apart, not as lost. */
export async function readFunnel({ db, now }: Pick<Services, 'db' | 'now'>, channelId: string): Promise<Funnel> {
  const rows = await db.run<{ step: Funnel['steps'][number]['step']; visits: number; median_seconds: number | null; in_flight: number }>(selectFunnel, [
    channelId,
    new Date(now().getTime() - inFlightMs),
  ])
  return {
    steps: rows.map(({ step, visits, median_seconds: median }) => ({ step, visits, medianSeconds: median === null ? null : Math.round(Number(median)) })),
    inFlight: rows[0]?.in_flight ?? 0,
  }
}

/** What the invite page of a token is made of. */
export interface InviteChannelRow extends ChannelRow {
  readonly staff_name: string | null
  readonly has_image: boolean
  readonly has_contact_way: boolean
  readonly link_url: string | null
  readonly link_expires_at: Date | null
}

/** The channel behind a token, of any kind. @throws AppError `channel.notFound` */
export async function requireInviteChannel({ db }: Pick<Services, 'db'>, token: string): Promise<InviteChannelRow> {
  const [row] = await db.run<InviteChannelRow>(selectInviteChannel, [token])
  if (row === undefined) throw new AppError('channel.notFound')
  return row
}
