import type { createChannel as createChannelContract } from '@qihui/shared/channel'
import type { BodyOf } from '@qihui/shared/http'
import { createServices } from './createServices.ts'
import { EnvError, readEnv } from './env.ts'
import { staffWithoutSession, type StaffActor } from './http/actor.ts'
import { createChannel } from './modules/channel/commands.ts'
import { listChannels } from './modules/channel/queries.ts'
import { storeStaff } from './modules/contact/commands/storeStaff.ts'
import { grantRole } from './modules/rights/commands.ts'
import type { Services } from './services.ts'

/** The people of the sandbox the demo belongs to: a rep, an operator, and who approves what a rep asks to see. */
const rep = staffWithoutSession('rep.li', '李静')
const operator = staffWithoutSession('manager.wu', '吴倩', true)
const approver = { staffUserId: 'manager.xu', name: '徐峰', departmentIds: [1, 3], ledDepartmentIds: [3], leaderIds: [] }

/** What somebody who tries the product can scan or open at once. */
const demoChannels: readonly (readonly [StaffActor, BodyOf<typeof createChannelContract>])[] = [
  [rep, { name: '南山旗舰店收银台', storeName: '南山旗舰店', utm: { source: 'store', medium: 'qrcode', campaign: 'opening' } }],
  [operator, { name: '会员日海报', utm: { source: 'poster', medium: 'qrcode', campaign: 'member-day' } }],
  [rep, { kind: 'inviteLink', name: '老客回访短信', storeName: '南山旗舰店', utm: { source: 'sms', medium: 'invite', campaign: 'member-day' } }],
]

/** Grants are for employees the mirror knows, and it may not have begun yet; what is said here, it says again. */
async function grantApprover(services: Services): Promise<void> {
  await storeStaff(services, [approver])
  await grantRole(services, operator, { staffUserId: approver.staffUserId, role: 'approver', scope: 'all' }, 'seed')
}

/** Makes channels and an approver once; run again it changes nothing. Refused in production, where people do that. */
async function seed(): Promise<void> {
  const env = readEnv()
  if (env.mode === 'production') throw new Error('demo data is not for production')
  const services = createServices(env)
  try {
    const existing = await listChannels(services, operator)
    if (existing.length > 0) return
    await grantApprover(services)
    for (const [actor, channel] of demoChannels) await createChannel(services, actor, channel)
  } finally {
    await services.db.close()
  }
}

seed().catch((error: unknown) => {
  const lines = error instanceof EnvError ? error.lines : [error instanceof Error ? error.message : String(error)]
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(1)
})
