import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { endAllRelations, endRelation } from './commands/endRelations.ts'
import { storeContact } from './commands/storeContact.ts'
import { hideDepartedStaff, storeStaff } from './commands/storeStaff.ts'
import { getSidebarContact } from './queries.ts'
import type { ContactFacts, FollowFacts } from './types.ts'

let services: TestServices

beforeAll(async () => {
  services = await createTestServices()
  await storeStaff(services, [
    { staffUserId: 'rep.li', name: '李静', departmentIds: [1, 2] },
    { staffUserId: 'rep.wang', name: '王浩', departmentIds: [] },
  ])
})
afterAll(() => services.close())

const addedAt = new Date('2026-11-01T08:00:00.000Z')
let made = 0

function newContact(unionId: string | null = null): ContactFacts {
  made += 1
  return { externalUserId: `wmDB${made}`, name: `客户${made}`, type: 1, avatarUrl: null, corpName: null, unionId }
}

const followOf = (staffUserId: string, change: Partial<FollowFacts> = {}): FollowFacts => ({ staffUserId, remark: '老客户', addedAt, addWay: 1, state: null, tagIds: [], ...change })
const viewer = (staffUserId: string) => staffWithoutSession(staffUserId, staffUserId)

async function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await services.db.pool.query(text, [...values])).rows as Row[]
}

/** Everything the mirror and its neighbours hold of one contact, without the randomness of encryption. */
async function stateOf(externalUserId: string): Promise<unknown> {
  const [row] = await rows<{ person_id: string }>('select person_id, type, union_id, avatar_url, data_key_sealed from external_contact where external_user_id = $1', [externalUserId])
  const follows = await rows('select staff_user_id, state, add_way, tag_ids, added_at, ended_at, ended_by from follow_user where external_user_id = $1 order by 1', [externalUserId])
  const timeline = await rows('select kind, at, data from timeline_entry where person_id = $1 order by at, kind', [row?.person_id])
  const identifiers = await rows('select namespace, value from identifier where person_id = $1 order by 1', [row?.person_id])
  const jobs = await rows('select job, payload from outbox where job_key = $1', [row?.person_id])
  return { row, follows, timeline, identifiers, jobs }
}

describe('storeContact', () => {
  it('twice gives the same', async () => {
    const contact = newContact('union-twice')
    const detail = { contact, followUsers: [followOf('rep.li'), followOf('rep.wang', { remark: '' })] }
    await storeContact(services, detail)
    const once = await stateOf(contact.externalUserId)
    await storeContact(services, detail)
    expect(await stateOf(contact.externalUserId)).toEqual(once)
    expect(once).toMatchObject({ timeline: [{ kind: 'contact.added' }, { kind: 'contact.added' }], jobs: [{ job: 'linkIdentity' }] })
  })

  it('at once from eight workers gives one contact, one person and one job', async () => {
    const contact = newContact('union-race')
    await Promise.all(Array.from({ length: 8 }, () => storeContact(services, { contact, followUsers: [followOf('rep.li')] })))
    expect(await stateOf(contact.externalUserId)).toMatchObject({ follows: [{ staff_user_id: 'rep.li' }], jobs: [{ job: 'linkIdentity' }] })
    expect(await rows("select person_id from identifier where value = 'union-race'")).toHaveLength(1)
  })

  it('gives a contact to the person who holds its unionid already', async () => {
    const first = newContact('union-shared')
    const second = newContact('union-shared')
    await storeContact(services, { contact: first, followUsers: [followOf('rep.li')] })
    await storeContact(services, { contact: second, followUsers: [followOf('rep.li')] })
    const persons = await rows<{ person_id: string }>("select distinct person_id from external_contact where union_id = 'union-shared'")
    expect(persons).toHaveLength(1)
  })

  it('asks the junction again when a unionid appears late, and keeps it when it vanishes', async () => {
    const contact = newContact(null)
    const followUsers = [followOf('rep.li')]
    await storeContact(services, { contact, followUsers })
    await storeContact(services, { contact: { ...contact, unionId: 'union-late' }, followUsers })
    await storeContact(services, { contact, followUsers })
    const state = (await stateOf(contact.externalUserId)) as { row: { union_id: string }; jobs: unknown[]; identifiers: unknown[] }
    expect(state.row.union_id).toBe('union-late')
    expect(state.jobs).toHaveLength(2)
    expect(state.identifiers).toHaveLength(2)
  })

  it('ends relations that are listed no more and revives them when they are', async () => {
    const contact = newContact()
    await storeContact(services, { contact, followUsers: [followOf('rep.li'), followOf('rep.wang')] })
    await storeContact(services, { contact, followUsers: [followOf('rep.li')] })
    expect(await stateOf(contact.externalUserId)).toMatchObject({ follows: [{ ended_at: null }, { ended_at: services.clock.at, ended_by: null }] })
    await storeContact(services, { contact, followUsers: [followOf('rep.li'), followOf('rep.wang')] })
    expect(await stateOf(contact.externalUserId)).toMatchObject({ follows: [{ ended_at: null }, { ended_at: null }] })
  })
})

describe('endRelation', () => {
  const endedAt = new Date('2026-11-10T08:00:00.000Z')

  it('twice gives the same, and a list that still shows the pair does not revive it', async () => {
    const contact = newContact()
    const end = { externalUserId: contact.externalUserId, staffUserId: 'rep.li', endedBy: 'customer', endedAt } as const
    await storeContact(services, { contact, followUsers: [followOf('rep.li')] })
    await endRelation(services, end)
    const once = await stateOf(contact.externalUserId)
    await endRelation(services, end)
    await storeContact(services, { contact, followUsers: [followOf('rep.li')] })
    expect(await stateOf(contact.externalUserId)).toEqual(once)
    expect(once).toMatchObject({ follows: [{ ended_by: 'customer', ended_at: endedAt }], timeline: [{ kind: 'contact.added' }, { kind: 'contact.lost' }] })
  })

  it('that comes late does not end the relation that began after it', async () => {
    const contact = newContact()
    const again = followOf('rep.li', { addedAt: new Date('2026-11-11T08:00:00.000Z') })
    await storeContact(services, { contact, followUsers: [again] })
    await endRelation(services, { externalUserId: contact.externalUserId, staffUserId: 'rep.li', endedBy: 'staff', endedAt })
    expect(await stateOf(contact.externalUserId)).toMatchObject({ follows: [{ ended_at: null }] })
  })

  it('of everybody ends what is left', async () => {
    const contact = newContact()
    await storeContact(services, { contact, followUsers: [followOf('rep.li'), followOf('rep.wang')] })
    await endAllRelations(services, contact.externalUserId)
    expect(await stateOf(contact.externalUserId)).toMatchObject({ follows: [{ ended_at: services.clock.at }, { ended_at: services.clock.at }] })
  })
})

describe('getSidebarContact', () => {
  const auditOf = (requestId: string): Promise<{ outcome: string; fields: string[] }[]> => rows('select outcome, fields from audit_entry where request_id = $1', [requestId])

  it('answers "not mirrored" for somebody WeCom has not told of, and audits the look', async () => {
    expect(await getSidebarContact(services, viewer('rep.li'), 'wmNobody', 'r1')).toMatchObject({ state: 'notMirrored', contact: null })
    expect(await auditOf('r1')).toEqual([{ outcome: 'absent', fields: [] }])
  })

  it('refuses whoever does not serve the contact, and audits the refusal', async () => {
    const contact = newContact()
    await storeContact(services, { contact, followUsers: [followOf('rep.li')] })
    await expect(getSidebarContact(services, viewer('rep.wang'), contact.externalUserId, 'r2')).rejects.toMatchObject({ code: 'contact.notFollowing' })
    expect(await auditOf('r2')).toEqual([{ outcome: 'refused', fields: [] }])
  })

  it('refuses a rep whose relation has ended', async () => {
    const contact = newContact()
    await storeContact(services, { contact, followUsers: [followOf('rep.li')] })
    await endAllRelations(services, contact.externalUserId)
    await expect(getSidebarContact(services, viewer('rep.li'), contact.externalUserId, 'r3')).rejects.toMatchObject({ code: 'contact.notFollowing' })
  })

  it('shows a serving rep name and own remark, who else serves, and audits the fields', async () => {
    const contact = newContact()
    await storeContact(services, { contact, followUsers: [followOf('rep.li', { remark: '张姐' }), followOf('rep.wang', { remark: '别人的备注' })] })
    const card = await getSidebarContact(services, viewer('rep.li'), contact.externalUserId, 'r4')
    expect(card).toMatchObject({
      state: 'notRegistered',
      contact: { name: contact.name, remark: '张姐', followUsers: [{ name: '李静', isSelf: true }, { name: '王浩', isSelf: false }] },
      member: null,
      nextStep: { kind: 'invite' },
    })
    expect(card.timeline.map((entry) => entry.title).sort()).toEqual(['添加了李静为好友', '添加了王浩为好友'])
    expect(await auditOf('r4')).toEqual([{ outcome: 'shown', fields: ['contactName', 'remark', 'avatarUrl'] }])
  })
})

describe('hideDepartedStaff', () => {
  it('ends the sessions of staff who left, and only theirs', async () => {
    const insert = 'insert into staff_session (token_hash, staff_user_id, created_at, expires_at) values ($1, $2, $3, $4)'
    const later = new Date(services.clock.at.getTime() + 3_600_000)
    for (const [index, staffUserId] of ['rep.li', 'rep.wang'].entries()) await rows(insert, [Buffer.of(index), staffUserId, services.clock.at, later])
    await hideDepartedStaff(services, ['rep.wang'])
    await hideDepartedStaff(services, ['rep.wang'])
    expect(await rows('select staff_user_id, revoked_at is not null as is_over from staff_session order by 1')).toEqual([
      { staff_user_id: 'rep.li', is_over: false },
      { staff_user_id: 'rep.wang', is_over: true },
    ])
  })
})
