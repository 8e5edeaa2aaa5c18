import { handle, mayHaveRun, type JobHandler, type JobRun } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { prepareChannel } from './jobs.ts'
import { landingPage } from './landingPage.ts'
import { selectUnpreparedChannel, updateChannelState, updateCodeImage, updateContactWay } from './tables.ts'

type ChannelServices = Pick<Services, 'db' | 'now' | 'wecom' | 'wechat' | 'log'>

/** Longest remark of a contact way (platform 4.4). */
const remarkLength = 30

interface UnpreparedRow {
  readonly token: string
  readonly name: string
  readonly staff_user_id: string | null
  readonly has_image: boolean
  readonly has_contact_way: boolean
  readonly created_at: Date
}

/** Each half is kept as soon as it is there: a second run asks only for what is missing, and looks whether the first one made it. */
async function prepare({ db, now, wecom, wechat }: ChannelServices, channelId: string, run: JobRun): Promise<void> {
  const [channel] = await db.run<UnpreparedRow>(selectUnpreparedChannel, [channelId])
  if (channel === undefined) return
  const { token, name, staff_user_id: staffUserId } = channel
  if (!channel.has_image) await db.run(updateCodeImage, [channelId, await wechat.makeMiniProgramCode(token, landingPage)])
  if (staffUserId !== null && !channel.has_contact_way) {
    const remark = Array.from(name).slice(0, remarkLength).join('')
    const mayExistSince = mayHaveRun(run, channel.created_at, now()) ? channel.created_at : null
    const way = await wecom.addContactWay({ staffUserId, state: token, remark, mayExistSince })
    await db.run(updateContactWay, [channelId, way.configId, way.qrCodeUrl])
  }
  await db.run(updateChannelState, [channelId, 'ready'])
}

/** The job door of channels. */
export function channelHandlers(services: ChannelServices): JobHandler[] {
  return [
    handle(prepareChannel, async ({ channelId }, run) => {
      try {
        await prepare(services, channelId, run)
      } catch (error) {
        if (run.attempt >= prepareChannel.retryLimit) await services.db.run(updateChannelState, [channelId, 'failed'])
        throw error
      }
    }),
  ]
}
