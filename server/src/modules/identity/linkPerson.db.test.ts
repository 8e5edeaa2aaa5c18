import { randomUUID } from 'node:crypto'
import type { Identifier, IdentifierNamespace } from '@qihui/shared/identity'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { createMemberSessions } from '../member/sessions.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { linkPerson } from './commands/linkPerson.ts'
import { miniProgramNamespace, officialAccountNamespace } from './namespaces.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

async function one<Row>(text: string, values: unknown[] = []): Promise<Row | undefined> {
  return (await services.db.pool.query(text, values)).rows[0] as Row | undefined
}

let phones = 0
/** Registers somebody with a phone of their own: a shared one would be a review besides. */
async function register(openId: string, unionId: string | null, { namespace = miniProgramNamespace(services.env), phone = `+86139${String((phones += 1)).padStart(8, '0')}` }: { namespace?: IdentifierNamespace; phone?: string } = {}): Promise<string> {
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace, openId, unionId, externalUserId: null }
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const input = { phone, consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
  const { member } = await registerMember(services, sessionSource(services.env, actor), input, { scope: openId, key: randomUUID(), requestHash: requestHashOf([input]) })
  return member.memberId
}

/** A contact as the mirror writes it while it knows nothing of the person: a contact-only person, followed by one rep. */
async function addContact(externalUserId: string, unionId: string | null): Promise<string> {
  const personId = randomUUID()
  await services.db.pool.query('insert into person values ($1, $2)', [personId, services.now()])
  await services.db.pool.query(`insert into external_contact (external_user_id, person_id, type, union_id, data_key_sealed, name_sealed, mirrored_at) values ($1, $2, 1, $3, '', '', $4)`, [externalUserId, personId, unionId, services.now()])
  await services.db.pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ($1, 'rep.li', $2)`, [externalUserId, services.now()])
  return personId
}

async function personOfContact(externalUserId: string): Promise<string | undefined> {
  return (await one<{ person_id: string }>('select person_id from external_contact where external_user_id = $1', [externalUserId]))?.person_id
}

async function personOfMember(memberId: string): Promise<string> {
  const row = await one<{ person_id: string }>('select person_id from member where member_id = $1', [memberId])
  if (!row) throw new Error('no such member')
  return row.person_id
}

describe('linkPerson', () => {
  it('joins a contact and a member by unionid, asks for the tier tag, and says so once', async () => {
    const contactPerson = await addContact('wmlink1', 'u-link1')
    const memberPerson = await personOfMember(await register('o-link1', 'u-link1'))
    await linkPerson(services, memberPerson)
    await linkPerson(services, contactPerson)
    const survivor = await personOfContact('wmlink1')
    expect(await personOfMember((await one<{ member_id: string }>('select member_id from member where person_id = $1', [survivor]))?.member_id ?? '')).toBe(survivor)
    expect(await one(`select count(*)::int as said from timeline_entry where person_id = $1 and kind = 'identity.linked'`, [survivor])).toEqual({ said: 1 })
    expect(await one(`select payload from outbox where job = 'syncTierTag' limit 1`)).toEqual({ payload: { externalUserId: 'wmlink1', staffUserId: 'rep.li' } })
  })

  it('joins when the unionid of the contact appears late, and moves nobody else', async () => {
    const bystander = await addContact('wmbystander', null)
    await addContact('wmlate', null)
    const memberId = await register('o-late', 'u-late')
    await linkPerson(services, await personOfMember(memberId))
    expect(await personOfContact('wmlate')).not.toBe(await personOfMember(memberId))
    await services.db.pool.query(`update external_contact set union_id = 'u-late' where external_user_id = 'wmlate'`)
    await linkPerson(services, (await personOfContact('wmlate')) ?? '')
    expect(await personOfContact('wmlate')).toBe(await personOfMember(memberId))
    expect(await personOfContact('wmbystander')).toBe(bystander)
  })

  it('joins a member and a contact when a later login shows openid and unionid together', async () => {
    const memberId = await register('o-bound-late', null)
    const contactPerson = await addContact('wmboundlate', 'u-bound-late')
    await linkPerson(services, contactPerson)
    expect(await personOfContact('wmboundlate')).not.toBe(await personOfMember(memberId))
    const wechat = { ...services.wechat, codeToSession: async () => ({ openId: 'o-bound-late', unionId: 'u-bound-late' }) }
    const opened = await createMemberSessions({ ...services, wechat }).open('code')
    expect(opened.member?.memberId).toBe(memberId)
    const queued = await one<{ payload: { personId: string; seenTogether: Identifier[] } }>(`select payload from outbox where job = 'linkIdentity' and job_key like '%u-bound-late%' order by outbox_id desc limit 1`)
    await linkPerson(services, queued?.payload.personId ?? '', queued?.payload.seenTogether)
    expect(await personOfContact('wmboundlate')).toBe(await personOfMember(memberId))
  })

  it('asks nothing more once openid and unionid are known to be one', async () => {
    await register('o-known', 'u-known')
    const wechat = { ...services.wechat, codeToSession: async () => ({ openId: 'o-known', unionId: 'u-known' }) }
    const before = await one('select count(*)::int as jobs from outbox')
    await createMemberSessions({ ...services, wechat }).open('code')
    expect(await one('select count(*)::int as jobs from outbox')).toEqual(before)
  })

  it('sends two registered members to review and joins nothing', async () => {
    const first = await register('o-two-a', null, { namespace: officialAccountNamespace(services.env) })
    const second = await register('o-two-b', 'u-two')
    await services.db.pool.query(`insert into external_contact (external_user_id, person_id, type, union_id, data_key_sealed, name_sealed, mirrored_at) values ('wmtwo', $1, 1, 'u-two', '', '', now())`, [await personOfMember(first)])
    for (const memberId of [first, second, first]) await linkPerson(services, await personOfMember(memberId))
    expect(await personOfMember(first)).not.toBe(await personOfMember(second))
    expect(await one('select reason, count(*)::int as items from identity_review group by reason')).toEqual({ reason: 'severalMembers', items: 1 })
  })

  it('ends in the same partition for every order of registration, contact and junctions', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(['register', 'contact', 'linkMember', 'linkContact'], { minLength: 4 }), async (order) => {
        run += 1
        const [openId, unionId, externalUserId] = [`o-order-${run}`, `u-order-${run}`, `wmorder${run}`]
        let memberId: string | null = null
        const steps: Record<string, () => Promise<unknown>> = {
          register: async () => (memberId = await register(openId, unionId)),
          contact: () => addContact(externalUserId, unionId),
          linkMember: async () => memberId && linkPerson(services, await personOfMember(memberId)),
          linkContact: async () => linkPerson(services, (await personOfContact(externalUserId)) ?? randomUUID()),
        }
        for (const step of order) await steps[step]?.()
        // The jobs of both sides run at some time after both facts are there.
        await linkPerson(services, await personOfMember(memberId ?? ''))
        expect(await personOfContact(externalUserId)).toBe(await personOfMember(memberId ?? ''))
      }),
      { numRuns: 24 },
    )
  })
})
