import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { createChannel, recordInviteVisit } from './commands.ts'
import { listChannels, readFunnel } from './queries.ts'

const rep = staffWithoutSession('rep.li', '李静')
const operator = staffWithoutSession('manager.wu', '吴倩', true)

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
  await services.db.pool.query(`insert into corp_tag_group (group_id, name) values ('etg1', '兴趣'), ('etg2', '会员等级')`)
  await services.db.pool.query(`insert into corp_tag (tag_id, group_id, name, tier) values ('etBaby', 'etg1', '母婴', null), ('etBeauty', 'etg1', '美妆', null), ('etSilver', 'etg2', '银卡会员', 'silver')`)
})
afterAll(() => services.close())

const query = async <Row extends object>(text: string, values: unknown[] = []) => (await services.db.pool.query<Row>(text, values)).rows

describe('createChannel', () => {
  it('belongs to the rep who makes it, and to nobody when an operator names nobody', async () => {
    const own = await createChannel(services, rep, { name: '收银台', utm: { source: ' Store ' } })
    expect(own).toMatchObject({ staffUserId: 'rep.li', createdBy: 'rep.li', kind: 'scan', formKey: 'default', bindingMode: 'progressive', openness: 'open', state: 'preparing' })
    expect(own.inviteUrl).toBe(`http://localhost:3000/i/${own.token}`)
    expect((await createChannel(services, operator, { name: '海报' })).staffUserId).toBeNull()
    expect((await query(`select 1 from outbox where job = 'prepareChannel' and payload->>'channelId' = $1`, [own.channelId])).length).toBe(1)
  })

  it('refuses tags of tiers and of segments, and a rep who acts for another', async () => {
    await services.db.pool.query(`insert into segment (segment_id, name, conditions, tag_id, created_by, created_at, changed_at) values ($1, '高频', '[]', 'etOften', 'manager.wu', now(), now())`, [randomUUID()])
    await services.db.pool.query(`insert into corp_tag (tag_id, group_id, name) values ('etOften', 'etg1', '高频')`)
    for (const tagId of ['etSilver', 'etOften']) {
      await expect(createChannel(services, rep, { name: 'x', corpTagIds: ['etBaby', tagId] })).rejects.toMatchObject({ code: 'corpTag.managed', errors: [{ path: 'body.corpTagIds' }] })
    }
    await expect(createChannel(services, rep, { name: 'x', staffUserId: 'rep.chen' })).rejects.toMatchObject({ code: 'staff.notOperator' })
    await expect(createChannel(services, operator, { name: 'x', staffUserId: 'rep.nobody' })).rejects.toMatchObject({ errors: [{ path: 'body.staffUserId' }] })
  })

  it('says in the list whether it is open', async () => {
    const ending = await createChannel(services, rep, { kind: 'inviteLink', name: '限时', expiresAt: new Date(services.now().getTime() + 1000).toISOString(), maxRegistrations: 5 })
    const openness = async () => (await listChannels(services, rep)).find(({ channelId }) => channelId === ending.channelId)?.openness
    expect(await openness()).toBe('open')
    services.clock.at = new Date(services.clock.at.getTime() + 1000)
    expect(await openness()).toBe('expired')
    await services.db.pool.query('update channel set expires_at = null, counted_registrations = 5 where channel_id = $1', [ending.channelId])
    expect(await openness()).toBe('overQuota')
  })
})

describe('a contact who comes through a channel', () => {
  const contact = (externalUserId: string) => ({ externalUserId, type: 1 as const, name: '小安', avatarUrl: null, corpName: null, unionId: null })
  const follow = (state: string | null) => ({ staffUserId: 'rep.li', remark: '', state, addWay: 1, tagIds: [], addedAt: services.now() })
  const changes = (externalUserId: string) =>
    query<{ payload: { addTagIds: string[]; removeTagIds: string[] } }>(`select payload from outbox where job = 'markContactTags' and payload->>'externalUserId' = $1`, [externalUserId])

  it('gets its tags once, those that still exist', async () => {
    const { token } = await createChannel(services, rep, { name: '母婴店', corpTagIds: ['etBaby', 'etBeauty'] })
    await services.db.pool.query(`delete from corp_tag where tag_id = 'etBeauty'`)
    for (let time = 0; time < 2; time += 1) await storeContact(services, { contact: contact('wmTagged'), followUsers: [follow(token)] })
    expect((await changes('wmTagged')).map(({ payload }) => [payload.addTagIds, payload.removeTagIds])).toEqual([[['etBaby'], []]])
  })

  it('gets none by another state, or by none', async () => {
    await storeContact(services, { contact: contact('wmPlain'), followUsers: [follow(null)] })
    await storeContact(services, { contact: contact('wmOther'), followUsers: [follow('somebody-elses-state')] })
    expect([...(await changes('wmPlain')), ...(await changes('wmOther'))]).toEqual([])
  })
})

describe('the funnel', () => {
  it('counts visits by step with the median time to each, and those still under way apart', async () => {
    const { channelId, token } = await createChannel(services, rep, { kind: 'inviteLink', name: '漏斗' })
    expect(await readFunnel(services, channelId)).toEqual({
      steps: ['opened', 'consented', 'phone', 'member', 'linked'].map((step) => ({ step, visits: 0, medianSeconds: null })),
      inFlight: 0,
    })
    const opened = services.now().getTime()
    const visits = [10, 20, 60, null].map((consentedAfter) => ({ visitId: randomUUID(), consentedAfter }))
    for (const { visitId } of visits) await recordInviteVisit(services, { visitId, token, place: 'wechat', visitor: null })
    for (const { visitId, consentedAfter } of visits) {
      if (consentedAfter !== null) await services.db.pool.query('update visit set consented_at = $2 where visit_id = $1', [visitId, new Date(opened + consentedAfter * 1000)])
    }
    await services.db.pool.query('update visit set member_at = $2 where visit_id = $1', [visits[0]?.visitId, new Date(opened + 90_000)])
    const funnel = await readFunnel(services, channelId)
    expect(funnel.steps).toEqual([
      { step: 'opened', visits: 4, medianSeconds: 0 },
      { step: 'consented', visits: 3, medianSeconds: 20 },
      { step: 'phone', visits: 0, medianSeconds: null },
      { step: 'member', visits: 1, medianSeconds: 90 },
      { step: 'linked', visits: 0, medianSeconds: null },
    ])
    expect(funnel.inFlight).toBe(3)
    services.clock.at = new Date(opened + 2 * 60 * 60 * 1000)
    expect((await readFunnel(services, channelId)).inFlight).toBe(0)
  })

  it('takes no time off for who had agreed before they came', async () => {
    const { channelId, token } = await createChannel(services, rep, { kind: 'inviteLink', name: '早已同意' })
    const visitId = randomUUID()
    await recordInviteVisit(services, { visitId, token, place: 'wechat', visitor: null })
    await services.db.pool.query(`update visit set consented_at = opened_at - interval '3 days' where visit_id = $1`, [visitId])
    expect((await readFunnel(services, channelId)).steps[1]).toEqual({ step: 'consented', visits: 1, medianSeconds: 0 })
  })

  it('counts a visit of a token nobody knows nowhere', async () => {
    expect(await recordInviteVisit(services, { visitId: randomUUID(), token: '0123456789012345678901', place: 'desktop', visitor: null })).toBe(false)
  })
})
