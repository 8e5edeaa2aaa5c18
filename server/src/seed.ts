import { createServices } from './createServices.ts'
import { EnvError, readEnv } from './env.ts'
import { createChannel, type ChannelInput } from './modules/channel/commands.ts'
import { listChannels } from './modules/channel/queries.ts'

/** What somebody who tries the product can scan at once; the rep is one of the sandbox's. */
const demoChannels: readonly ChannelInput[] = [
  { name: '南山旗舰店收银台', storeName: '南山旗舰店', staffUserId: 'rep.li', utm: { source: 'store', medium: 'qrcode', campaign: 'opening' } },
  { name: '会员日海报', utm: { source: 'poster', medium: 'qrcode', campaign: 'member-day' } },
]

/** Makes the demo channels once; run again it changes nothing. Refused in production, where channels are made by people. */
async function seed(): Promise<void> {
  const env = readEnv()
  if (env.mode === 'production') throw new Error('demo data is not for production')
  const services = createServices(env)
  try {
    const existing = await listChannels(services)
    if (existing.length === 0) for (const channel of demoChannels) await createChannel(services, channel)
  } finally {
    await services.db.close()
  }
}

seed().catch((error: unknown) => {
  const lines = error instanceof EnvError ? error.lines : [error instanceof Error ? error.message : String(error)]
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(1)
})
