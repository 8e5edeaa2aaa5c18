import { randomUUID } from 'node:crypto'
import type { IdentifierNamespace } from '@qihui/shared/identity'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type IntegrationActor, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { publishForm } from '../form/commands.ts'
import { miniProgramNamespace, officialAccountNamespace, visitorNamespace } from '../identity/namespaces.ts'
import { addMemberByIntegration } from './integrationDoor.ts'
import { registrationDoor, type RegistrationRequest } from './registrationDoor.ts'
import { enterMemberByStaff } from './staffDoor.ts'
import { recordVisit } from './visits.ts'

const rep = staffWithoutSession('rep.li', '李静')
const system: IntegrationActor = { kind: 'integration', keyId: 'erp', scopes: new Set(['members:write']) }
const basis = { kind: 'verbal' as const, at: '2026-11-19T02:00:00.000Z', note: '到店时当面同意' }

let services: TestServices
let register: ReturnType<typeof registrationDoor>
beforeAll(async () => {
  services = await createTestServices({ settings: { WECHAT_OA_APPID: 'wxoa' } })
  const wechat = { ...services.wechat, phoneOfCode: async (code: string) => ({ phoneNumber: code, countryCode: '86' }) }
  register = registrationDoor({ ...services, wechat })
  await services.db.pool.query(`insert into staff values ('rep.li', '李静', '{2}', true, now())`)
})
afterAll(() => services.close())
beforeEach(() => {
  services.clock.at = new Date(services.clock.at.getTime() + 3_600_000)
})

const one = async <Row>(text: string, values: unknown[] = []) => (await services.db.pool.query(text, values)).rows[0] as Row
let made = 0
const nextPhone = () => `13${String((made += 1) * 10_007_003).padStart(9, '0').slice(-9)}`

async function channel(kind: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  made += 1
  const token = `channel${String(made).padStart(15, '0')}`
  const columns = { channel_id: randomUUID(), token, kind, name: `渠道${made}`, state: 'ready', staff_user_id: 'rep.li', utm: { source: `s${made}`, campaign: 'opening' }, created_at: services.now(), ...more }
  const names = Object.keys(columns)
  await services.db.pool.query(`insert into channel (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`, Object.values(columns))
  return token
}

function visitor(namespace: IdentifierNamespace = miniProgramNamespace(services.env), more: Partial<MemberActor> = {}): MemberActor {
  made += 1
  return { kind: 'member', sessionId: randomUUID(), namespace, openId: `o-${made}`, unionId: `u-${made}`, externalUserId: null, ...more }
}

async function request(actor: MemberActor, body: Partial<RegistrationRequest['body']> = {}, key = randomUUID()): Promise<RegistrationRequest> {
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'], channelToken: body.channelToken })
  const filled = { consentIds, policyVersion: '2026-01', formVersion: '2026-01', answers: {}, confirmed: {}, ...body }
  return { actor, body: filled, call: { scope: `register:${actor.namespace}:${actor.openId}`, key, requestHash: Buffer.from('same') }, ip: `10.9.${made % 250}.1`, userAgent: 'test' }
}

const memberOf = (memberId: string) => one<{ channel: string | null; source: string | null; growth: number; confirmed: boolean; entered_by: string | null; members: number }>(
  `select c.token as channel, c.utm->>'source' as source, m.growth_value as growth, m.confirmed_at is not null as confirmed, m.entered_by,
    (select count(*)::int from member) as members from member m left join channel c using (channel_id) where member_id = $1`, [memberId])

describe('each channel', () => {
  it.each<[string, string, () => MemberActor]>([
    ['a scan', 'scan', () => visitor()],
    ['an invitation', 'invitation', () => visitor()],
    ['an invite link in WeChat', 'inviteLink', () => visitor(officialAccountNamespace(services.env))],
    ['an invite link as a WeCom visitor', 'inviteLink', () => visitor(visitorNamespace(services.env), { unionId: null, externalUserId: `wm-visitor-${made}` })],
  ])('%s makes one member with its channel and UTM, and twice is once', async (_what, kind, who) => {
    const [token, actor] = [await channel(kind), who()]
    const visitId = randomUUID()
    expect(await recordVisit(services, actor, { channelToken: token, visitId })).toBe(true)
    const isMiniProgram = actor.namespace.startsWith('mp-')
    const first = await request(actor, { channelToken: token, visitId, ...(isMiniProgram ? { phoneCode: nextPhone() } : {}) })
    const { outcome, member } = await register(first)
    expect(outcome).toBe('registered')
    const before = await memberOf(member.memberId)
    expect(before).toMatchObject({ channel: token, growth: 100, confirmed: true, entered_by: null })
    expect(before.source).toMatch(/^s\d+$/)
    expect(await register(first)).toMatchObject({ outcome: 'registered', member: { memberId: member.memberId } })
    expect(await register(await request(actor, { channelToken: token }))).toMatchObject({ outcome: 'recovered', member: { memberId: member.memberId } })
    expect((await memberOf(member.memberId)).members).toBe(before.members)
    const step = await one('select consented_at is not null as consented, phone_at is not null as phone, member_id from visit where visit_id = $1', [visitId])
    expect(step).toEqual({ consented: true, phone: isMiniProgram, member_id: member.memberId })
    const via = await one('select via_namespace, via_value from growth_entry where member_id = $1', [member.memberId])
    expect(via).not.toEqual({ via_namespace: null, via_value: null })
  })

  it('tells when a visit that knew of no consent was agreed to: by the consent the member came with', async () => {
    const [token, actor, visitId] = [await channel('scan'), visitor(), randomUUID()]
    const early = await request(actor, { channelToken: token, visitId, phoneCode: nextPhone() })
    await services.db.pool.query(`update consent set granted_at = granted_at - interval '20 seconds' where consent_id = any($1)`, [early.body.consentIds])
    expect(await recordVisit(services, actor, { channelToken: token, visitId })).toBe(true)
    await register(early)
    expect(await one(`select member_at - consented_at = interval '20 seconds' as is_by_consent from visit where visit_id = $1`, [visitId])).toEqual({ is_by_consent: true })
  })

  it.each<[string, () => Readonly<Record<string, unknown>>]>([
    ['revoked', () => ({ revoked_at: services.now() })],
    ['expired', () => ({ expires_at: services.now() })],
    ['used up', () => ({ max_registrations: 1, counted_registrations: 1 })],
  ])('that is %s gives no attribution, and keeps nobody out', async (_state, more) => {
    const token = await channel('inviteLink', more())
    const { member } = await register(await request(visitor(), { channelToken: token, phoneCode: nextPhone() }))
    expect(await memberOf(member.memberId)).toMatchObject({ channel: null, growth: 100 })
  })

  it('with three places counts three of thirty who come at once', async () => {
    const token = await channel('inviteLink', { max_registrations: 3 })
    const requests = await Promise.all(Array.from({ length: 30 }, () => request(visitor(), { channelToken: token, phoneCode: nextPhone() })))
    const done = await Promise.all(requests.map((each) => register({ ...each, ip: `10.8.${requests.indexOf(each)}.1` })))
    const attributed = await one<{ n: number }>('select count(*)::int as n from member m join channel c using (channel_id) where c.token = $1 and m.member_id = any($2)', [token, done.map(({ member }) => member.memberId)])
    expect(attributed).toEqual({ n: 3 })
    expect(await one('select counted_registrations from channel where token = $1', [token])).toEqual({ counted_registrations: 3 })
  })
})

/** A contact as the mirror writes it. */
async function contact(unionId: string | null): Promise<string> {
  made += 1
  const [externalUserId, personId] = [`wmcontact${made}`, randomUUID()]
  await services.db.pool.query('insert into person (person_id, created_at) values ($1, $2)', [personId, services.now()])
  await services.db.pool.query(`insert into external_contact (external_user_id, person_id, type, union_id, data_key_sealed, name_sealed, mirrored_at) values ($1, $2, 1, $3, '', '', $4)`, [externalUserId, personId, unionId, services.now()])
  await services.db.pool.query(`insert into identifier values ($1, $2, $3, 'externalContact', $4)`, [`external-userid@${services.env.wecom.corpId}`, externalUserId, personId, services.now()])
  await services.db.pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ($1, 'rep.li', $2)`, [externalUserId, services.now()])
  return externalUserId
}

const byStaff = (externalUserId: string, key = randomUUID(), body: object = {}) =>
  enterMemberByStaff(services, rep, externalUserId, { phone: ' 138 0000-4321', answers: {}, basis, ...body }, { scope: 'register:staff:rep.li', key, requestHash: Buffer.from('s') })

describe('manual add', () => {
  it('enters a waiting member on a recorded basis, and hands out the link', async () => {
    const added = await byStaff(await contact(null))
    expect(added).toMatchObject({ outcome: 'registered', confirmation: { url: expect.stringContaining('/i/') as string } })
    expect(await memberOf(added.memberId)).toMatchObject({ growth: 0, confirmed: false, entered_by: 'staff:rep.li', channel: added.confirmation?.token })
    const consent = await one('select purpose, evidence, basis, granted_at from consent c join member m using (person_id) where m.member_id = $1', [added.memberId])
    expect(consent).toEqual({ purpose: 'membership', evidence: 'staff', basis, granted_at: new Date(basis.at) })
  })

  it('gives the same member and link to a repeat, with the same key or another', async () => {
    const externalUserId = await contact(null)
    const key = randomUUID()
    const first = await byStaff(externalUserId, key)
    expect(await byStaff(externalUserId, key)).toEqual(first)
    expect(await byStaff(externalUserId)).toEqual({ ...first, outcome: 'recovered' })
    expect(await one(`select count(*)::int as n from channel where kind = 'confirmation' and external_user_id = $1`, [externalUserId])).toEqual({ n: 1 })
  })

  it('changes nothing of somebody who already is a member', async () => {
    const { member } = await register(await request(visitor(undefined, { unionId: 'u-present' }), { phoneCode: nextPhone() }))
    const added = await byStaff(await contact('u-present'))
    expect(added).toEqual({ memberId: member.memberId, memberNo: member.memberNo, outcome: 'recovered', confirmation: null })
    expect(await memberOf(member.memberId)).toMatchObject({ growth: 100, confirmed: true, entered_by: null })
  })

  it('is for reps who follow the contact, with a phone and a past consent', async () => {
    const externalUserId = await contact(null)
    const stranger = { ...rep, staffUserId: 'rep.zhou' }
    await expect(enterMemberByStaff(services, stranger, externalUserId, { phone: '13800004321', answers: {}, basis }, { scope: 's', key: randomUUID(), requestHash: Buffer.from('s') })).rejects.toMatchObject({ code: 'contact.notFollowing' })
    await expect(byStaff(externalUserId, randomUUID(), { phone: '12345' })).rejects.toMatchObject({ code: 'phone.invalid' })
    await expect(byStaff(externalUserId, randomUUID(), { basis: { ...basis, at: '2030-01-01T00:00:00.000Z' } })).rejects.toMatchObject({ code: 'request.invalid' })
    expect(await one(`select count(*)::int as n from channel where external_user_id = $1`, [externalUserId])).toEqual({ n: 0 })
  })
})

describe('the confirmation link', () => {
  it('confirms the member, posts the growth, ties the session to the person, and works once', async () => {
    const externalUserId = await contact(null)
    const added = await byStaff(externalUserId)
    const token = added.confirmation?.token ?? ''
    const actor = visitor()
    const first = await request(actor, { channelToken: token, phoneCode: nextPhone() })
    expect(await register(first)).toMatchObject({ outcome: 'registered', member: { memberId: added.memberId, isConfirmed: true, tier: { growthValue: 100 } } })
    expect(await register(first)).toMatchObject({ outcome: 'registered', member: { memberId: added.memberId } })
    expect(await one(`select source, strength from identity_edge where (a_value = $1 and b_value = $2) or (a_value = $2 and b_value = $1)`, [actor.openId, externalUserId])).toEqual({ source: 'bindLink', strength: 'strong' })
    expect(await one('select count(*)::int as n from growth_entry where member_id = $1', [added.memberId])).toEqual({ n: 1 })
    // Its owner finds the membership again; anybody else finds the link used.
    expect(await register(await request(actor, { channelToken: token }))).toMatchObject({ outcome: 'recovered', member: { memberId: added.memberId } })
    await expect(register(await request(visitor(), { channelToken: token, phoneCode: nextPhone() }))).rejects.toMatchObject({ code: 'invite.closed' })
  })

  it('is not needed by somebody whose own login shows who they are', async () => {
    const added = await byStaff(await contact('u-known-to-mirror'))
    const actor = visitor(undefined, { unionId: 'u-known-to-mirror' })
    expect(await register(await request(actor, { phoneCode: nextPhone() }))).toMatchObject({ outcome: 'registered', member: { memberId: added.memberId, isConfirmed: true } })
  })

  it('opens for one of twenty who try at once', async () => {
    const added = await byStaff(await contact(null))
    const requests = await Promise.all(Array.from({ length: 20 }, () => request(visitor(), { channelToken: added.confirmation?.token, phoneCode: nextPhone() })))
    const answers = await Promise.allSettled(requests.map(register))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await one('select count(*)::int as n from growth_entry where member_id = $1', [added.memberId])).toEqual({ n: 1 })
  })

  it('confirms nothing for a session that cannot be this person, and goes on working for the right one', async () => {
    const added = await byStaff(await contact('u-right-one'))
    const channelToken = added.confirmation?.token
    const forwarded = visitor(undefined, { unionId: 'u-friend' })
    await expect(register(await request(forwarded, { channelToken, phoneCode: nextPhone() }))).rejects.toMatchObject({ code: 'invite.closed', detail: expect.stringContaining('另一位客户') as string })
    expect(await one(`select count(*)::int as n from identifier where value = 'u-friend'`)).toEqual({ n: 0 })
    expect(await memberOf(added.memberId)).toMatchObject({ confirmed: false, growth: 0 })
    const owner = visitor(undefined, { unionId: 'u-right-one' })
    expect(await register(await request(owner, { channelToken, phoneCode: nextPhone() }))).toMatchObject({ member: { memberId: added.memberId, isConfirmed: true } })
  })

  it('needs the consent of the person, whatever the rep wrote down', async () => {
    const added = await byStaff(await contact(null))
    const ready = await request(visitor(), { channelToken: added.confirmation?.token, phoneCode: nextPhone() })
    await expect(register({ ...ready, body: { ...ready.body, consentIds: [randomUUID()] } })).rejects.toMatchObject({ code: 'consent.required' })
    expect(await memberOf(added.memberId)).toMatchObject({ confirmed: false, growth: 0 })
  })
})

describe('somebody else', () => {
  it('may leave answers out, and enters nothing sensitive', async () => {
    const field = { class: 'N', purpose: '服务', legalBasis: 'consent', retentionDays: 90, isRequired: true, step: 1, confirmation: 'none' } as const
    const allergy = { ...field, key: 'allergy', label: '过敏史', type: 'text', class: 'S', assessmentId: 'PIA-1', isRequired: false } as const
    const nickname = { ...field, key: 'nickname', label: '称呼', type: 'text', confirmation: 'echo' } as const
    await publishForm(services, staffWithoutSession('manager.wu', '吴敏', true), { formKey: 'others', name: '他人', replaces: null, definition: { fields: [nickname, allergy] } })
    const token = await channel('scan', { form_key: 'others' })
    const add = (externalKey: string, answers: Readonly<Record<string, string>>) =>
      addMemberByIntegration(services, system, { externalKey, channelToken: token, answers }, { scope: 'register:integration:erp', key: randomUUID(), requestHash: Buffer.from(externalKey) })
    expect(await add('O-1', {})).toMatchObject({ outcome: 'registered' })
    await expect(add('O-2', { allergy: '青霉素' })).rejects.toMatchObject({ code: 'request.invalid', errors: [{ path: 'body.answers.allergy' }] })
  })
})

describe('single add by a connected system', () => {
  const add = (body: Partial<Parameters<typeof addMemberByIntegration>[2]> & { readonly externalKey: string }, key = randomUUID()) =>
    addMemberByIntegration(services, system, { answers: {}, ...body }, { scope: 'register:integration:erp', key, requestHash: Buffer.from(JSON.stringify(body)) })

  it('makes one member of one external key, with its channel, and contactable only on a basis', async () => {
    const token = await channel('scan')
    const first = await add({ externalKey: 'C-1', phone: '+86 138 0000 5555', channelToken: token })
    expect(first).toMatchObject({ outcome: 'registered', isContactable: false })
    expect(await memberOf(first.memberId)).toMatchObject({ channel: token, growth: 0, confirmed: false, entered_by: 'integration:erp' })
    expect(await add({ externalKey: 'C-1' })).toMatchObject({ outcome: 'recovered', memberId: first.memberId })
    const agreed = await add({ externalKey: 'C-2', basis })
    expect(agreed).toMatchObject({ outcome: 'registered', isContactable: true })
    expect(await memberOf(agreed.memberId)).toMatchObject({ growth: 100, confirmed: true })
  })

  it('never joins by phone alone, and joins by unionid', async () => {
    const [one_, two] = [await add({ externalKey: 'C-3', phone: '13800006666' }), await add({ externalKey: 'C-4', phone: '13800006666' })]
    expect(one_.memberId).not.toBe(two.memberId)
    const { member } = await register(await request(visitor(undefined, { unionId: 'u-erp' }), { phoneCode: nextPhone() }))
    expect(await add({ externalKey: 'C-5', unionId: 'u-erp' })).toMatchObject({ outcome: 'recovered', memberId: member.memberId, isContactable: true })
    expect(await one(`select source from identity_edge where b_value = 'u-erp' and a_value = 'C-5'`)).toEqual({ source: 'integration' })
  })

  it('keeps the keys of two systems apart', async () => {
    const ours = await add({ externalKey: 'C-6' })
    const theirs = await addMemberByIntegration(services, { ...system, keyId: 'crm' }, { externalKey: 'C-6', answers: {} }, { scope: 'register:integration:crm', key: randomUUID(), requestHash: Buffer.from('c') })
    expect(theirs).toMatchObject({ outcome: 'registered' })
    expect(theirs.memberId).not.toBe(ours.memberId)
  })

  it('ends with one member when twenty calls with one external key arrive at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => add({ externalKey: 'C-7' })))
    expect(new Set(answers.map(({ memberId }) => memberId)).size).toBe(1)
    expect(answers.filter(({ outcome }) => outcome === 'registered')).toHaveLength(1)
  })

  it('says what to change', async () => {
    await expect(add({ externalKey: 'C-8', phone: 'abc' })).rejects.toMatchObject({ code: 'phone.invalid' })
    await expect(add({ externalKey: 'C-8', answers: { colour: 'red' } })).rejects.toMatchObject({ code: 'request.invalid', errors: [{ path: 'body.answers.colour' }] })
  })
})
