import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { MessageRefusedError, MessageUndeliveredError } from '../../messaging/index.ts'
import { newId } from '../../security/newId.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createChannel, revokeChannel } from '../channel/commands.ts'
import { requireManagedChannel } from '../channel/queries.ts'
import { cancelMarketing } from '../consent/steps.ts'
import { sendInvite } from './commands.ts'
import { deliveryHandlers } from './handlers.ts'
import { sendDelivery } from './jobs.ts'
import { listDeliveries } from './queries.ts'

const rep = staffWithoutSession('rep.li', '李静')

/** What left, and what the provider says next. */
const outbox = { sms: [] as { reference: string; to: string; text: string }[], mails: [] as { to: string; subject: string; text: string }[], failure: null as Error | null }
const provider = <T>(sent: T[]) => ({
  async send(message: T): Promise<void> {
    if (outbox.failure !== null) throw outbox.failure
    sent.push(message)
  },
  async probe() {
    return { outcome: 'ok', value: null } as const
  },
})

let services: TestServices
beforeAll(async () => {
  services = await createTestServices({ sms: provider(outbox.sms), mail: provider(outbox.mails) })
})
afterAll(() => services.close())
beforeEach(() => {
  outbox.sms.length = 0
  outbox.mails.length = 0
  outbox.failure = null
})

async function channelOfRep() {
  const { channelId } = await createChannel(services, rep, { kind: 'inviteLink', name: '老客回访' })
  return requireManagedChannel(services, rep, channelId)
}

/** A member with this phone who has said something about marketing, or nothing. */
async function memberWith(phone: string, marketing: 'granted' | 'refused' | null): Promise<string> {
  const [personId, memberId] = [newId(), newId()]
  const at = services.now()
  await services.db.pool.query('insert into person (person_id, created_at) values ($1, $2)', [personId, at])
  await services.db.pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
     values ($1, $2, $3, 'x', 'x', $4, 'normal', $5, 0, '2026-01', '2026-01', $5, $5, $5)`,
    [memberId, personId, memberId.slice(-12), services.cipher.indexOf('member.phone', phone), at],
  )
  if (marketing !== null) {
    await services.db.pool.query(
      `insert into consent (consent_id, open_id, namespace, person_id, purpose, decision, policy_version, granted_at) values ($1, $2, 'mp-openid@x', $3, 'marketing', $4, '2026-01', $5)`,
      [newId(), `o-${memberId}`, personId, marketing, at],
    )
  }
  return personId
}

async function jobs(): Promise<string[]> {
  const taken = await services.db.pool.query<{ payload: { deliveryId: string } }>(`delete from outbox where job = 'sendDelivery' returning payload`)
  expect(taken.rows.every(({ payload }) => Object.keys(payload).join() === 'deliveryId')).toBe(true)
  return taken.rows.map(({ payload }) => payload.deliveryId)
}

async function work(attempt = 0): Promise<void> {
  const handler = deliveryHandlers(services).find(({ job }) => job.name === sendDelivery.name)
  for (const deliveryId of await jobs()) await handler?.run({ deliveryId }, { attempt, signal: new AbortController().signal })
}

const states = async () => (await listDeliveries(services)).map(({ recipientMasked, state }) => `${recipientMasked} ${state}`)

describe('sendInvite', () => {
  it('takes phones in any spelling and e-mail addresses, refuses the rest one by one with a reason', async () => {
    const outcome = await sendInvite(services, rep, await channelOfRep(), ['+86 138-0000-1111', '１３９００００２２２２', 'Guest@Example.com', '13800001111', '12345', 'no@where'])
    expect(outcome.queued).toBe(3)
    expect(outcome.refused.map(({ index, reason }) => [index, reason])).toEqual([
      [3, '与前面的收件人重复'],
      [4, '不是有效的手机号或邮箱'],
      [5, '不是有效的手机号或邮箱'],
    ])
    await work()
    expect(outbox.sms.map(({ to }) => to).sort()).toEqual(['+8613800001111', '+8613900002222'])
    expect(outbox.sms[0]?.text).toMatch(/^【企会】李静邀请您.*\/i\/[0-9A-Za-z]{22} 拒收请回复R$/)
    expect(outbox.mails).toEqual([expect.objectContaining({ to: 'guest@example.com', subject: '李静邀请您加入企会会员' })])
    expect(await states()).toEqual(expect.arrayContaining(['138****1111 sent', '139****2222 sent', 'g***@example.com sent']))
  })

  it('leaves out members who have not agreed to marketing, and asks them by no other number', async () => {
    await memberWith('+8613700000001', 'granted')
    await memberWith('+8613700000002', 'refused')
    await memberWith('+8613700000003', null)
    const { queued, refused } = await sendInvite(services, rep, await channelOfRep(), ['13700000001', '13700000002', '13700000003'])
    expect([queued, refused.map(({ recipientMasked }) => recipientMasked)]).toEqual([1, ['137****0002', '137****0003']])
    await work()
    expect(outbox.sms.map(({ to }) => to)).toEqual(['+8613700000001'])
  })

  it('refuses a closed channel and somebody else’s', async () => {
    const row = await channelOfRep()
    await revokeChannel(services, rep, row)
    await expect(sendInvite(services, rep, await requireManagedChannel(services, rep, row.channel_id), ['13800001111'])).rejects.toMatchObject({ code: 'invite.closed' })
    await expect(requireManagedChannel(services, { ...rep, staffUserId: 'rep.chen' }, row.channel_id)).rejects.toMatchObject({ code: 'channel.notFound' })
    expect(await jobs()).toEqual([])
  })

  it('keeps no recipient in clear anywhere', async () => {
    await sendInvite(services, rep, await channelOfRep(), ['15912345678', 'hidden.person@example.com'])
    const tables = await services.db.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public'`)
    for (const { name } of tables.rows) {
      const found = await services.db.pool.query(`select 1 from ${name} t where t::text ~ '15912345678|hidden.person'`)
      expect(found.rowCount, name).toBe(0)
    }
    await jobs()
  })
})

describe('a message that waits', () => {
  it('is cancelled by a withdrawal, and its job then sends nothing', async () => {
    const personId = await memberWith('+8613700000011', 'granted')
    await sendInvite(services, rep, await channelOfRep(), ['13700000011'])
    await services.db.transaction((tx) => cancelMarketing(tx, [personId], services.now()))
    await work()
    expect(outbox.sms).toEqual([])
    expect((await listDeliveries(services))[0]).toMatchObject({ state: 'cancelled', recipientMasked: '137****0011' })
  })

  it('is looked at once more when it leaves: a consent withdrawn or a stranger who joined without one stops it', async () => {
    const personId = await memberWith('+8613700000021', 'granted')
    await sendInvite(services, rep, await channelOfRep(), ['13700000021', '13700000022'])
    await services.db.pool.query('update consent set withdrawn_at = $2 where person_id = $1', [personId, services.now()])
    await memberWith('+8613700000022', 'refused')
    await work()
    expect(outbox.sms).toEqual([])
    expect((await states()).slice(0, 2).sort()).toEqual(['137****0021 cancelled', '137****0022 cancelled'])
  })

  it('leaves once however often its job runs', async () => {
    await sendInvite(services, rep, await channelOfRep(), ['13700000031'])
    const [deliveryId = ''] = await jobs()
    const [handler] = deliveryHandlers(services)
    for (let run = 0; run < 3; run += 1) await handler?.run({ deliveryId }, { attempt: 0, signal: new AbortController().signal })
    expect(outbox.sms.map(({ reference }) => reference)).toEqual([deliveryId])
  })

  it('is tried again with the same reference after an outage, and given up after the last try', async () => {
    await sendInvite(services, rep, await channelOfRep(), ['13700000041'])
    const [deliveryId = ''] = await jobs()
    const [handler] = deliveryHandlers(services)
    const run = (attempt: number) => handler?.run({ deliveryId }, { attempt, signal: new AbortController().signal })
    outbox.failure = new MessageUndeliveredError('HTTP 503')
    await expect(run(0)).rejects.toBeInstanceOf(MessageUndeliveredError)
    expect((await listDeliveries(services))[0]).toMatchObject({ state: 'queued' })
    await expect(run(sendDelivery.retryLimit)).rejects.toBeInstanceOf(MessageUndeliveredError)
    expect((await listDeliveries(services))[0]).toMatchObject({ state: 'failed', reason: '多次尝试后仍未能发出' })
  })

  it('is not tried again when the provider refuses it for good', async () => {
    await sendInvite(services, rep, await channelOfRep(), ['13700000051'])
    outbox.failure = new MessageRefusedError('短信服务商拒收（422），请核对手机号')
    await work()
    expect((await listDeliveries(services))[0]).toMatchObject({ state: 'failed', reason: '短信服务商拒收（422），请核对手机号' })
  })
})

describe('without providers', () => {
  it('says so for each recipient, and queues nothing', async () => {
    const { queued, refused } = await sendInvite({ ...services, mail: null, sms: null }, rep, await channelOfRep(), ['13800001111', 'a@example.com'])
    expect([queued, refused.map(({ reason }) => reason)]).toEqual([0, ['尚未开通短信，请联系管理员', '尚未开通邮件，请联系管理员']])
  })
})
