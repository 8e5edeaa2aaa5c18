import { randomUUID } from 'node:crypto'
import { auditActionTitle } from '@qihui/shared/audit'
import { getConsistency as consistencyContract, getMergePreview as previewContract, listIdentityReviews, listMerges as mergesContract, type IdentifierNamespace } from '@qihui/shared/identity'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { findMemberSelf } from '../member/queries.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { decideReview } from './commands/decideReview.ts'
import { linkPerson } from './commands/linkPerson.ts'
import { noteKeyAct } from './commands/noteKeyAct.ts'
import { retryDueLinks } from './commands/retryPendingLinks.ts'
import { undoMerge } from './commands/undoMerge.ts'
import { miniProgramNamespace, officialAccountNamespace, unionIdNamespace } from './namespaces.ts'
import { getConsistency, getMergePreview, listMerges, listReviews } from './queries.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const operator = staffWithoutSession('manager.wu', '吴经理', true)
const reader = { actor: operator, requestId: 'test' }

async function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await services.db.pool.query(text, [...values])).rows as Row[]
}

let made = 0
const newName = (kind: string) => `${kind}${(made += 1)}`

function actorOf(openId: string, unionId: string | null, namespace: IdentifierNamespace = miniProgramNamespace(services.env)): MemberActor {
  return { kind: 'member', sessionId: randomUUID(), namespace, openId, unionId, externalUserId: null }
}

/** Registers through a channel, with a phone of one's own unless one is given. @returns the person */
async function register(actor: MemberActor, more: { readonly phone?: string; readonly channelToken?: string; readonly visitId?: string } = {}): Promise<string> {
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const phone = `+86138${String((made += 1)).padStart(8, '0')}`
  const input = { phone, ...more, consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
  const { member } = await registerMember(services, sessionSource(services.env, actor), input, { scope: actor.openId, key: randomUUID(), requestHash: requestHashOf([input]) })
  return personOfMember(member.memberId)
}

async function personOfMember(memberId: string): Promise<string> {
  const [row] = await rows<{ person_id: string }>('select person_id from member where member_id = $1', [memberId])
  return row?.person_id ?? ''
}

async function addContact(unionId: string | null, state: string | null = null): Promise<string> {
  const externalUserId = newName('wmReview')
  const follow = { staffUserId: 'rep.li', remark: '', addedAt: services.now(), addWay: 1, state, tagIds: [] }
  await storeContact(services, { contact: { externalUserId, name: '陈晓明', type: 1, avatarUrl: null, corpName: null, unionId }, followUsers: [follow] })
  return externalUserId
}

async function personOfContact(externalUserId: string): Promise<string> {
  const [row] = await rows<{ person_id: string }>('select person_id from external_contact where external_user_id = $1', [externalUserId])
  return row?.person_id ?? ''
}

async function addChannel(columns: Readonly<Record<string, unknown>>): Promise<string> {
  const token = randomUUID().replaceAll('-', '').slice(0, 22)
  const row = { kind: 'scan', name: '南京西路店', state: 'ready', binding_mode: 'progressive', ...columns }
  const names = Object.keys(row)
  await rows(`insert into channel (channel_id, token, created_at, ${names.join(', ')}) values ($1, $2, $3, ${names.map((_name, index) => `$${index + 4}`).join(', ')})`, [randomUUID(), token, services.now(), ...Object.values(row)])
  return token
}

async function reviewsOf(personId: string) {
  return (await listReviews(services, reader, undefined)).filter((review) => review.persons.some((person) => person.personId === personId))
}

const decide = (reviewId: string, decision: 'merge' | 'keepApart') => decideReview(services, operator, { reviewId, decision, note: null, requestId: 'test' })

describe('reviews', () => {
  it('open one for two unionids with one phone, and join nobody (trust test 26)', async () => {
    const [one, two] = [await register(actorOf('o-phone-a', 'u-phone-a'), { phone: '+8613700000001' }), await register(actorOf('o-phone-b', 'u-phone-b'), { phone: '+8613700000001' })]
    for (const personId of [one, two, one]) await linkPerson(services, personId)
    expect(await reviewsOf(one)).toMatchObject([{ reason: 'sharedPhone', state: 'open', persons: [{}, {}] }])
    expect(await rows('select absorbed_by from person where person_id = any($1)', [[one, two]])).toEqual([{ absorbed_by: null }, { absorbed_by: null }])
    const [review] = await reviewsOf(one)
    expect(await getMergePreview(services, reader, review?.reviewId ?? '')).toMatchObject({ canMerge: false, obstacle: expect.stringContaining('UnionID') as string })
    await expect(decide(review?.reviewId ?? '', 'merge')).rejects.toMatchObject({ code: 'request.invalid' })
    expect(await decide(review?.reviewId ?? '', 'keepApart')).toBeNull()
    await linkPerson(services, two)
    expect(await reviewsOf(one)).toMatchObject([{ state: 'keptApart', decidedBy: 'manager.wu' }])
  })

  it.each(['registration first', 'contact first', 'contact and a silent login first'])('wait for a person in an independent channel, %s, and link on their word', async (order) => {
    const unionId = newName('u-independent')
    const channelToken = await addChannel({ binding_mode: 'independent' })
    const contactFirst = order === 'registration first' ? null : await addContact(unionId)
    const actor = actorOf(newName('o-independent'), unionId)
    if (contactFirst !== null && order !== 'contact first') {
      // What a login of somebody whose unionid a contact holds makes the junction do.
      await linkPerson(services, await personOfContact(contactFirst), [{ namespace: actor.namespace, value: actor.openId }, { namespace: unionIdNamespace(services.env), value: unionId }])
    }
    const personId = await register(actor, { channelToken })
    expect(await findMemberSelf(services, actor)).not.toBeNull()
    const contact = contactFirst ?? (await addContact(unionId))
    for (const each of [personId, await personOfContact(contact)]) await linkPerson(services, each)
    expect(await personOfContact(contact)).not.toBe(personId)
    const [review, ...others] = await reviewsOf(personId)
    expect([review?.reason, others]).toEqual(['independent', []])
    const mergeId = await decide(review?.reviewId ?? '', 'merge')
    expect(await rows('select 1 from external_contact c join member m using (person_id) where c.external_user_id = $1', [contact])).toHaveLength(1)
    await undoMerge(services, operator, { mergeId: mergeId ?? '', note: '不是本人', requestId: 'test' })
    for (const each of [personId, await personOfContact(contact)]) await linkPerson(services, each)
    expect(await rows('select 1 from external_contact c join member m using (person_id) where c.external_user_id = $1', [contact])).toEqual([])
    expect(await reviewsOf(personId)).toMatchObject([{ state: 'keptApart' }])
  })

  it('show two members of one human with what a merge would do, join them once, and leave one member behind both doors', async () => {
    const [page, app] = [actorOf(newName('oa'), null, officialAccountNamespace(services.env)), actorOf(newName('mp'), 'u-several')]
    const [one, two] = [await register(page), await register(app)]
    await linkPerson(services, one, [{ namespace: page.namespace, value: page.openId }, { namespace: unionIdNamespace(services.env), value: 'u-several' }])
    const [review] = await reviewsOf(one)
    expect(review).toMatchObject({ reason: 'severalMembers', state: 'open' })
    const before = await findMemberSelf(services, page)
    const preview = await getMergePreview(services, reader, review?.reviewId ?? '')
    expect(preview).toMatchObject({ canMerge: true, obstacle: null, growthValue: 200, tierName: '普通会员' })
    expect(preview.effects.join()).toContain('并入后不再单独使用')
    const mergeId = await decide(review?.reviewId ?? '', 'merge')
    const selves = await Promise.all([page, app].map((actor) => findMemberSelf(services, actor)))
    expect(selves.map((self) => self?.memberNo)).toEqual([preview.memberNo, preview.memberNo])
    expect(selves[0]?.tier.growthValue).toBe(200)
    await expect(decide(review?.reviewId ?? '', 'keepApart')).rejects.toMatchObject({ code: 'review.alreadyDecided' })
    expect((await listMerges(services, reader)).find((merge) => merge.mergeId === mergeId)).toMatchObject({ decidedBy: 'manager.wu', canUndo: true })
    await undoMerge(services, operator, { mergeId: mergeId ?? '', note: null, requestId: 'test' })
    expect(await findMemberSelf(services, page)).toEqual(before)
    await linkPerson(services, one)
    expect(await rows('select absorbed_by from person where person_id = any($1)', [[one, two]])).toEqual([{ absorbed_by: null }, { absorbed_by: null }])
  })

  it('set aside a second unionid of one openid, keep the person, and never allow a merge', async () => {
    const actor = actorOf(newName('o-second'), 'u-second-a')
    const personId = await register(actor)
    const other = await register(actorOf(newName('o-second'), 'u-second-b'))
    await linkPerson(services, personId)
    await linkPerson(services, personId, [{ namespace: actor.namespace, value: actor.openId }, { namespace: unionIdNamespace(services.env), value: 'u-second-b' }])
    expect(await rows('select state from identity_edge where a_value = $1 order by b_value', [actor.openId])).toEqual([{ state: 'active' }, { state: 'quarantined' }])
    const [review] = await reviewsOf(personId)
    expect(review?.reason).toBe('secondUnionId')
    expect((await getMergePreview(services, reader, review?.reviewId ?? '')).canMerge).toBe(false)
    expect(await rows('select distinct person_id from identifier where value = any($1)', [['u-second-a', 'u-second-b']])).toHaveLength(2)
    expect(other).not.toBe(personId)
  })

  it('mask what they show and write down who looked, for every person', async () => {
    const contact = await addContact(newName('u-mask'))
    const contactPerson = await personOfContact(contact)
    const [review] = await rows<{ review_id: string }>(`insert into identity_review (review_id, reason, review_key, person_ids, created_at) values ($1::uuid, 'weakEvidence', $1::uuid::text, array[$2::uuid], $3) returning review_id`, [randomUUID(), contactPerson, services.now()])
    const shown = (await listReviews(services, { actor: operator, requestId: 'mask' }, 'open')).find((one) => one.reviewId === review?.review_id)
    expect(shown?.persons[0]).toMatchObject({ name: '陈**', followedBy: ['rep.li'], identifiers: [{ namespace: '企业微信客户 ID', valueMasked: `••••${contact.slice(-4)}` }, { namespace: 'UnionID' }] })
    expect(JSON.stringify(shown)).not.toContain(contact)
    expect(await rows(`select outcome, actor_id from audit_entry where request_id = 'mask' and person_id = $1`, [contactPerson])).toEqual([{ outcome: 'shown', actor_id: 'manager.wu' }])
    await decide(review?.review_id ?? '', 'keepApart')
    const told = await rows<{ action: string }>(`select action from audit_entry where subject = $1 and outcome = 'done' and person_id = $2`, [review?.review_id, contactPerson])
    expect(told.map(({ action }) => auditActionTitle(action))).toEqual(['确认不是同一人'])
  })
})

describe('the junction', () => {
  it('joins once however many look at the same two at once, and the merge can be taken back for good', async () => {
    const unionId = newName('u-race')
    const contact = await addContact(unionId)
    const contactPerson = await personOfContact(contact)
    await rows(`delete from identifier where value = $1`, [unionId])
    const visitId = randomUUID()
    const channelToken = await addChannel({})
    await rows(`insert into visit (visit_id, channel_id, place, opened_at) select $1, channel_id, 'miniProgram', $3 from channel where token = $2`, [visitId, channelToken, services.now()])
    const actor = actorOf(newName('o-race'), unionId)
    const memberPerson = await register(actor, { channelToken, visitId })
    await Promise.allSettled(Array.from({ length: 8 }, (_none, index) => linkPerson(services, index % 2 === 0 ? contactPerson : memberPerson)))
    await linkPerson(services, memberPerson)
    const merges = await rows<{ merge_id: string; decided_by: string }>('select merge_id, decided_by from person_merge where survivor_id = any($1)', [[contactPerson, memberPerson]])
    expect(merges).toMatchObject([{ decided_by: 'rule' }])
    expect(await rows('select linked_at is not null as linked from visit where visit_id = $1', [visitId])).toEqual([{ linked: true }])
    await undoMerge(services, operator, { mergeId: merges[0]?.merge_id ?? '', note: null, requestId: 'test' })
    for (const personId of [contactPerson, memberPerson]) await linkPerson(services, personId, [{ namespace: actor.namespace, value: actor.openId }, { namespace: unionIdNamespace(services.env), value: unionId }])
    expect(await personOfContact(contact)).toBe(contactPerson)
    expect((await rows('select person_id from identifier where value = $1', [actor.openId]))).toEqual([{ person_id: memberPerson }])
    expect(await rows('select linked_at from visit where visit_id = $1', [visitId])).toEqual([{ linked_at: null }])
  })

  it('asks for tags of every pair when two become one and when they are parted', async () => {
    const unionId = newName('u-tags')
    const memberPerson = await register(actorOf(newName('o-tags'), null))
    const contact = await addContact(null)
    const jobs = async () => (await rows(`select 1 from outbox where job = 'syncTierTag' and payload->>'externalUserId' = $1`, [contact])).length
    await rows('update external_contact set union_id = $2 where external_user_id = $1', [contact, unionId])
    const before = await jobs()
    const [openId] = await rows<{ value: string }>(`select value from identifier where person_id = $1`, [memberPerson])
    await linkPerson(services, memberPerson, [{ namespace: miniProgramNamespace(services.env), value: openId?.value ?? '' }, { namespace: unionIdNamespace(services.env), value: unionId }])
    expect(await jobs()).toBe(before + 1)
    const [merge] = await rows<{ merge_id: string }>('select merge_id from person_merge where survivor_id = $1 or $1 = any(absorbed_ids)', [memberPerson])
    await undoMerge(services, operator, { mergeId: merge?.merge_id ?? '', note: null, requestId: 'test' })
    expect(await jobs()).toBe(before + 2)
  })
})

describe('waiting links', () => {
  it('suggest the contact an invitation was made for when there is no unionid to meet by', async () => {
    const contact = await addContact(null)
    const channelToken = await addChannel({ kind: 'invitation', external_user_id: contact, staff_user_id: 'rep.li' })
    const personId = await register(actorOf(newName('o-invited'), null), { channelToken })
    await linkPerson(services, personId)
    const [review] = await reviewsOf(personId)
    expect(review).toMatchObject({ reason: 'weakEvidence', state: 'open' })
    await decide(review?.reviewId ?? '', 'merge')
    expect(await rows('select 1 from external_contact c join member m using (person_id) where c.external_user_id = $1', [contact])).toHaveLength(1)
    await linkPerson(services, personId)
    expect(await rows('select state from pending_link p join external_contact c using (person_id) where c.external_user_id = $1', [contact])).toEqual([{ state: 'linked' }])
  })

  it('suggest a contact that came through the same code only while nobody else did', async () => {
    const channelToken = await addChannel({ contact_way_config_id: 'cfg', staff_user_id: 'rep.li' })
    const first = await register(actorOf(newName('o-code'), null), { channelToken })
    await linkPerson(services, first)
    expect(await reviewsOf(first)).toEqual([])
    await linkPerson(services, await personOfContact(await addContact(null, channelToken)))
    expect(await reviewsOf(first)).toMatchObject([{ reason: 'weakEvidence' }])
    const second = await register(actorOf(newName('o-code'), null), { channelToken })
    await linkPerson(services, second)
    expect(await reviewsOf(second)).toEqual([])
  })

  it('are looked at after a minute, ten, an hour and then daily, and expire after 90 days', async () => {
    const begin = services.clock.at
    await rows('delete from pending_link')
    const channelToken = await addChannel({ contact_way_config_id: 'cfg', staff_user_id: 'rep.li' })
    const personId = await register(actorOf(newName('o-waits'), null), { channelToken })
    await linkPerson(services, personId)
    const looks: number[] = []
    for (let minutes = 0; minutes <= 3 * 1440; minutes += 1) {
      services.clock.at = new Date(begin.getTime() + minutes * 60_000)
      if ((await retryDueLinks(services)) > 0) looks.push(minutes)
      // Between two looks nothing happens: the walk goes from one to the next.
      const [next] = await rows<{ next_try_at: Date }>('select next_try_at from pending_link where person_id = $1', [personId])
      minutes = Math.max(minutes, Math.round(((next?.next_try_at.getTime() ?? 0) - begin.getTime()) / 60_000) - 1)
    }
    expect(looks).toEqual([1, 11, 71, 1511, 2951])
    services.clock.at = new Date(begin.getTime() + 90 * 86_400_000)
    await retryDueLinks(services)
    expect(await rows('select state from pending_link where person_id = $1', [personId])).toEqual([{ state: 'expired' }])
    services.clock.at = begin
  })
})

describe('the console', () => {
  it('answers what its contracts describe', async () => {
    const reviews = await listReviews(services, reader, undefined)
    expect(reviews.length).toBeGreaterThan(0)
    expect(v.is(listIdentityReviews.response, { reviews })).toBe(true)
    for (const { reviewId } of reviews) expect(v.is(previewContract.response, await getMergePreview(services, reader, reviewId))).toBe(true)
    const merges = await listMerges(services, reader)
    expect(merges.length).toBeGreaterThan(0)
    expect(v.is(mergesContract.response, { merges })).toBe(true)
    expect(v.is(consistencyContract.response, await getConsistency(services))).toBe(true)
  })
})

describe('key acts', () => {
  it('ask the junction once with what is shown, and nothing for strangers', async () => {
    const actor = actorOf(newName('o-act'), newName('u-act'))
    const shown = [{ namespace: unionIdNamespace(services.env), value: actor.unionId ?? '' }, { namespace: actor.namespace, value: actor.openId }]
    expect(await noteKeyAct(services, shown)).toBe(false)
    const personId = await register(actor)
    expect(await noteKeyAct(services, shown)).toBe(true)
    const jobs = await rows<{ job_key: string }>(`select job_key from outbox where job = 'linkIdentity' and payload->>'personId' = $1`, [personId])
    expect(new Set(jobs.map((job) => job.job_key)).size).toBe(1)
  })
})

describe('getConsistency', () => {
  it('counts members whose contact is known for sure, and those of them who have it', async () => {
    const before = await getConsistency(services)
    const [unionLinked, unionApart] = [newName('u-rate'), newName('u-rate')]
    await addContact(unionLinked)
    await linkPerson(services, await register(actorOf(newName('o-rate'), unionLinked)))
    const channelToken = await addChannel({ binding_mode: 'independent' })
    await register(actorOf(newName('o-rate'), unionApart), { channelToken })
    await addContact(unionApart)
    const unionBefore = newName('u-rate')
    await addContact(unionBefore)
    await register(actorOf(newName('o-rate'), unionBefore), { channelToken })
    await register(actorOf(newName('o-rate'), newName('u-without-contact')))
    const after = await getConsistency(services)
    const growth = (mode: string) => {
      const [from, to] = [before, after].map((answer) => answer.byMode.find((row) => row.bindingMode === mode))
      return [(to?.linkable ?? 0) - (from?.linkable ?? 0), (to?.linked ?? 0) - (from?.linked ?? 0)]
    }
    expect([growth('progressive'), growth('independent')]).toEqual([[1, 1], [2, 0]])
    expect(after.rate).toBeCloseTo(after.linked / after.linkable)
  })
})
