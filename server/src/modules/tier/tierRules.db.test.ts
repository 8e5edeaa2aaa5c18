import { randomUUID } from 'node:crypto'
import { localDateOf, nextDay, startOfDay, type TierRulesDraft } from '@qihui/shared/tier'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import type { Route } from '../../http/route.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createChannel } from '../channel/commands.ts'
import { inviteRoutes } from '../channel/routes/invites.ts'
import { grantConsent } from '../consent/commands.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { getSidebarContact } from '../contact/queries.ts'
import { linkPerson } from '../identity/commands/linkPerson.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { findMemberSelf } from '../member/queries.ts'
import { createMemberSessions } from '../member/sessions.ts'
import { registerMember } from '../registration/commands.ts'
import { registrationRoutes } from '../registration/routes.ts'
import { sessionSource } from '../registration/source.ts'
import { createStaffSessions } from '../staff/sessions.ts'
import { advanceTo, publishFirstTierRules } from './commands.ts'
import { publishTierRules } from './ruleCommands.ts'
import { listTierRules, previewTierRules } from './ruleQueries.ts'

const operator = staffWithoutSession('manager.wu', '吴倩', true)
const draft: TierRulesDraft = { silver: { minGrowth: 300, reviewMonths: 6 }, gold: { minGrowth: 900, reviewMonths: 3 }, qualifyingMonths: 6, graceDays: 45, maxStepsDown: 1 }

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
  await publishFirstTierRules(services)
  await services.db.pool.query(`insert into form (form_key, name, created_at) values ('f', 'f', now())`)
})
afterAll(() => services.close())

/** A member with growth of so many months ago. */
async function member(growth: readonly (readonly [monthsAgo: number, amount: number])[]): Promise<string> {
  const [personId, memberId] = [randomUUID(), randomUUID()]
  const { pool } = services.db
  const at = services.clock.at
  await pool.query('insert into person (person_id, created_at) values ($1, $2)', [personId, at])
  await pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
     values ($1, $2, $1::uuid::text, '', 'normal', $3, $4, 'f', 'p', $3, $3, $3)`,
    [memberId, personId, at, growth.reduce((sum, [months, amount]) => sum + (months < 12 ? amount : 0), 0)],
  )
  for (const [months, amount] of growth) {
    await pool.query(`insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at) values (gen_random_uuid(), $1, 'earn', $2, 'order', gen_random_uuid()::text, $3::timestamptz - make_interval(months => $4), $3)`, [memberId, amount, at, months])
  }
  return memberId
}
/** What a route answers, before it is cut to its contract. */
function answerOf(routes: readonly Route[], path: string, request: Readonly<Record<string, unknown>>): Promise<unknown> {
  const found = routes.find((route) => route.method === 'GET' && route.path === path)
  if (found === undefined) throw new Error(`no route ${path}`)
  return found.handle(request as unknown as Parameters<Route['handle']>[0])
}
const tomorrow = () => nextDay(localDateOf(services.clock.at.toISOString()))
const publish = (replaces: string, effectiveOn = tomorrow(), definition = draft) => publishTierRules(services, operator, { replaces, definition, effectiveOn }, 'test')

it('a preview says where everybody would stand, by the window of the draft', async () => {
  await member([[1, 950]])
  await member([[1, 350], [8, 600]])
  await member([[8, 5000]])
  await member([[1, 20]])
  expect(await previewTierRules(services, { ...draft, qualifyingMonths: 12 })).toMatchObject({ members: 4, tierUp: 3, tierDown: 0, tiers: [{ before: 4, after: 1 }, { before: 0, after: 0 }, { before: 0, after: 3 }] })
  expect(await previewTierRules(services, draft)).toMatchObject({ tierUp: 2, tiers: [{ after: 2 }, { after: 1 }, { after: 1 }] })
})

it('a version begins with a day that has not come, above what joining gives, after the one it replaces', async () => {
  const refused = (message: string, ...given: Parameters<typeof publish>) => expect(publish(...given)).rejects.toMatchObject({ code: 'request.invalid', errors: [{ message }] })
  await refused('最早自次日零点生效', '2026-01', localDateOf(services.clock.at.toISOString()))
  await refused('银卡门槛须高于注册成长值 100，否则一注册就升级', '2026-01', tomorrow(), { ...draft, silver: { minGrowth: 100, reviewMonths: 6 } })
  await expect(publish('tier.7')).rejects.toMatchObject({ code: 'rules.versionTaken' })
  expect(await publish('2026-01')).toMatchObject({ version: 'tier.2', effectiveFrom: startOfDay(tomorrow()), definition: draft, publishedBy: '吴倩' })
  await refused('生效日期须晚于上一版本的生效日期', 'tier.2')
  expect((await services.db.pool.query(`select actor_id, subject from audit_entry where action = 'tierRules.published'`)).rows).toEqual([{ actor_id: 'manager.wu', subject: 'tierRules:tier.2' }])
})

it('decides from its first midnight on, with the value of its window shown to everybody', async () => {
  expect((await listTierRules(services)).inForce).toBe('2026-01')
  const day = tomorrow()
  services.clock.at = new Date(startOfDay(day))
  await advanceTo(services, day)
  expect((await listTierRules(services)).inForce).toBe('tier.2')
  const values = await services.db.pool.query<{ growth_value: number }>('select growth_value from member order by growth_value')
  expect(values.rows.map((row) => row.growth_value)).toEqual([0, 20, 350, 950])
})

it('shows its thresholds wherever the way up is shown: answer of the registration, member centre, sidebar card, landing and invite page', async () => {
  expect((await listTierRules(services)).inForce).toBe('tier.2')
  const identity = { namespace: miniProgramNamespace(services.env), externalUserId: null, openId: 'openid-way', unionId: 'unionid-way' }
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), ...identity }
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const input = { phone: '+8613800007777', consentIds, policyVersion: '2026-01', formVersion: '2026-01', answers: {} }
  const call = { scope: 'way', key: randomUUID(), requestHash: requestHashOf([input]) }
  const next = { code: 'silver', minGrowth: 300, growthNeeded: 200 }
  const register = () => registerMember(services, sessionSource(services.env, actor), input, call)
  expect((await register()).member.tier).toMatchObject({ growthValue: 100, next, percent: 33 })
  expect((await register()).member.tier).toMatchObject({ next, percent: 33 })
  expect((await findMemberSelf(services, actor))?.tier).toMatchObject({ next, percent: 33 })

  const contact = { externalUserId: 'wmWay', name: '林溪', type: 1 as const, avatarUrl: null, corpName: null, unionId: 'unionid-way' }
  await storeContact(services, { contact, followUsers: [{ staffUserId: 'rep.li', remark: '', addedAt: services.now(), addWay: 1, state: null, tagIds: [] }] })
  const [{ person_id: personId }] = (await services.db.pool.query(`select person_id from external_contact where external_user_id = 'wmWay'`)).rows as [{ person_id: string }]
  await linkPerson(services, personId)
  const rep = staffWithoutSession('rep.li', '李静')
  expect(await getSidebarContact(services, rep, 'wmWay', 'r')).toMatchObject({ member: { tier: { next, percent: 33 } }, nextStep: { title: '还差 200 成长值升级银卡会员' } })

  const { token } = await createChannel(services, operator, { kind: 'inviteLink', name: '邀请' })
  const sessions = { members: createMemberSessions(services), staff: createStaffSessions(services) }
  const tiers = [{ code: 'normal', minGrowth: 0 }, { code: 'silver', minGrowth: 300 }, { code: 'gold', minGrowth: 900 }]
  expect(await answerOf(registrationRoutes(services), '/api/registrations/entry', { query: {} })).toMatchObject({ tiers })
  expect(await answerOf(inviteRoutes(services, sessions), '/api/invites/:token', { params: { token }, headers: {} })).toMatchObject({ tiers })
})
