import type { sendInvite as sendInviteContract } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { inviteUrlOf, opennessOfRow, type ChannelRow } from '../channel/present.ts'
import { canMarket } from '../consent/queries.ts'
import { holdersOf } from './queries.ts'
import { maskRecipient, recipientOf, type Recipient } from './recipient.ts'
import { queueMessages } from './steps.ts'

type DeliveryServices = Pick<Services, 'db' | 'now' | 'env' | 'cipher' | 'policies' | 'mail' | 'sms'>
type Outcome = ResponseOf<typeof sendInviteContract>

interface Reading {
  readonly index: number
  readonly recipient: Recipient | null
  readonly problem: string | null
}

/** What can be said of each recipient without asking the database. */
function readRecipients(typed: readonly string[], { mail, sms }: Pick<Services, 'mail' | 'sms'>): Reading[] {
  const seen = new Set<string>()
  return typed.map((text, index) => {
    const recipient = recipientOf(text)
    if (recipient === null) return { index, recipient, problem: '不是有效的手机号或邮箱' }
    if (recipient.medium === 'sms' && sms === null) return { index, recipient, problem: '尚未开通短信，请联系管理员' }
    if (recipient.medium === 'email' && mail === null) return { index, recipient, problem: '尚未开通邮件，请联系管理员' }
    if (seen.has(recipient.address)) return { index, recipient, problem: '与前面的收件人重复' }
    seen.add(recipient.address)
    return { index, recipient, problem: null }
  })
}

/** An invitation says whose it is and how to end it, whoever gets it. */
function wordsFor(recipient: Recipient, { brandName, publicUrl }: Services['env'], row: ChannelRow, sender: string): string {
  const url = inviteUrlOf(publicUrl, row.token)
  if (recipient.medium === 'sms') return `【${brandName}】${sender}邀请您加入${brandName}会员，点击入会：${url} 拒收请回复R`
  return [
    '您好：', '', `${sender}诚邀您加入${brandName}会员，专享会员价与生日礼遇。`, `点击链接即可入会：${url}`, '', '——',
    `本邮件由${brandName}的${sender}发送。如不希望再收到此类邮件，请直接回复告知，我们将不再发送。`,
  ].join('\n')
}

/**
 * Queues an invite link to several people (R9). Whoever is a member already gets it only while their consent to marketing stands; to
 * others it is the sender's own invitation. Nothing is refused as a whole for the sake of one recipient.
 * @param row a channel this employee manages. @throws AppError `invite.closed`
 */
export async function sendInvite(services: DeliveryServices, actor: StaffActor, row: ChannelRow, recipients: readonly string[]): Promise<Outcome> {
  const { db, now, env, cipher, policies } = services
  const at = now()
  if (opennessOfRow(row, at) !== 'open') throw new AppError('invite.closed', '该渠道已停用、过期或名额已满，不能再发送')
  const readings = readRecipients(recipients, services)
  const phones = readings.flatMap(({ recipient, problem }) => (problem === null && recipient?.medium === 'sms' ? [recipient.address] : []))
  // Read before the transaction; whatever is said after this look is found by the second one, when the message leaves.
  const holders = await holdersOf(db, cipher, phones)
  const refused: Outcome['refused'] = []
  const to: { recipient: Recipient; personId: string | null; text: string }[] = []
  for (const { index, recipient, problem } of readings) {
    const persons = recipient === null ? [] : (holders.get(recipient.address) ?? [])
    const allowed = await Promise.all(persons.map((personId) => canMarket(db, policies, personId, at)))
    const reason = problem ?? (allowed.includes(false) ? '对方已是会员，且没有同意接收营销信息' : null)
    if (recipient === null || reason !== null) refused.push({ index, recipientMasked: recipient === null ? '无法识别' : maskRecipient(recipient), reason: reason ?? '' })
    else to.push({ recipient, personId: persons[0] ?? null, text: wordsFor(recipient, env, row, actor.name) })
  }
  const subject = `${actor.name}邀请您加入${env.brandName}会员`
  await db.transaction((tx) => queueMessages(tx, cipher, { purpose: 'marketing', channelId: row.channel_id, subject, createdBy: actor.staffUserId, to }, at))
  return { queued: to.length, refused }
}
