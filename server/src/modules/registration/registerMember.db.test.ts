import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../db/pool.ts'
import type { MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { registerMember as register } from './commands.ts'
import { sessionSource } from './source.ts'
import type { RegistrationInput } from './steps.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

let visitors = 0
function visitor(unionId: string | null = `union-${(visitors += 1)}`): MemberActor {
  return { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: `open-${(visitors += 1)}`, unionId, externalUserId: null }
}

const registerMember = (using: TestServices, actor: MemberActor, input: RegistrationInput, call: Parameters<typeof register>[3]) => register(using, sessionSource(using.env, actor), input, call)

async function consented(actor: MemberActor): Promise<RegistrationInput> {
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  return { phone: '+8613800001111', consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
}

function callFor(actor: MemberActor, input: RegistrationInput, key = randomUUID()) {
  return { scope: `register:${actor.openId}`, key, requestHash: requestHashOf([input]) }
}

async function count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  const result = await services.db.pool.query<{ count: number }>(`select count(*)::int as count from ${table} where ${where}`, values)
  return result.rows[0]?.count ?? -1
}

describe('registerMember', () => {
  it('makes a member with consent, first growth, link and follow-up job in one go', async () => {
    const actor = visitor()
    const input = await consented(actor)
    const { outcome, member } = await registerMember(services, actor, input, callFor(actor, input))
    expect(outcome).toBe('registered')
    expect(member).toMatchObject({ phoneMasked: '138****1111', tier: { code: 'normal', growthValue: 100 }, adviser: null })
    expect(member.memberNo).toMatch(/^[1-9]\d{11}$/)
    expect(await count('growth_entry', 'member_id = $1', [member.memberId])).toBe(1)
    const [person] = (await services.db.pool.query<{ person_id: string }>('select person_id from member where member_id = $1', [member.memberId])).rows
    expect(await count('consent', 'person_id = $1', [person?.person_id])).toBe(1)
    expect(await count('identifier', 'person_id = $1', [person?.person_id])).toBe(2)
    expect(await count('outbox', `job = 'linkIdentity' and payload->>'personId' = $1`, [person?.person_id])).toBe(1)
  })

  it('gives the first answer to the same key, and writes nothing again', async () => {
    const actor = visitor()
    const input = await consented(actor)
    const call = callFor(actor, input)
    const first = await registerMember(services, actor, input, call)
    const before = await count('outbox')
    expect(await registerMember(services, actor, input, call)).toEqual(first)
    expect(await count('outbox')).toBe(before)
  })

  it('refuses the same key for another content', async () => {
    const actor = visitor()
    const input = await consented(actor)
    const key = randomUUID()
    await registerMember(services, actor, input, callFor(actor, input, key))
    const other = { ...input, phone: '+8613900002222' }
    await expect(registerMember(services, actor, other, callFor(actor, other, key))).rejects.toMatchObject({ code: 'idempotency.keyReused' })
  })

  it('recovers somebody who is a member already, by unionid from another app or by openid', async () => {
    const actor = visitor('union-recover')
    const first = await consented(actor)
    const { member } = await registerMember(services, actor, first, callFor(actor, first))
    for (const again of [{ ...visitor('union-recover') }, actor]) {
      const input = await consented(again)
      const result = await registerMember(services, again, { ...input, phone: '+8613700003333' }, callFor(again, input))
      expect(result).toMatchObject({ outcome: 'recovered', member: { memberId: member.memberId, phoneMasked: '138****1111' } })
    }
  })

  it('stays one member when a contact already holds the unionid that appeared after the first registration', async () => {
    const early = { ...visitor(null) }
    const first = await consented(early)
    const { member } = await registerMember(services, early, first, callFor(early, first))
    const contactPerson = randomUUID()
    await services.db.pool.query('insert into person values ($1, now())', [contactPerson])
    await services.db.pool.query(`insert into identifier values ('unionid@open-platform', 'union-appeared', $1, 'externalContact', now())`, [contactPerson])
    const later = { ...early, unionId: 'union-appeared' }
    const again = await consented(later)
    expect(await registerMember(services, later, again, callFor(later, again))).toMatchObject({ outcome: 'recovered', member: { memberId: member.memberId } })
  })

  it('ends with one member when fifty requests of one human arrive at once', async () => {
    const actor = visitor('union-fifty')
    const input = await consented(actor)
    const results = await Promise.all(Array.from({ length: 50 }, () => registerMember(services, actor, input, callFor(actor, input))))
    expect(new Set(results.map(({ member }) => member.memberId)).size).toBe(1)
    expect(results.filter(({ outcome }) => outcome === 'registered')).toHaveLength(1)
    expect(await count('identifier', `value = 'union-fifty'`)).toBe(1)
  })

  it('refuses without a consent of this very session, and stores nothing', async () => {
    const stranger = visitor()
    const actor = visitor()
    const foreign = await consented(stranger)
    const before = await count('idempotency_key')
    const refused = registerMember(services, actor, foreign, callFor(actor, foreign))
    await expect(refused).rejects.toBeInstanceOf(AppError)
    await expect(refused).rejects.toMatchObject({ code: 'consent.required' })
    expect(await count('identifier', 'value = $1', [actor.openId])).toBe(0)
    expect(await count('idempotency_key')).toBe(before)
  })

  it('never joins two people because they share a phone', async () => {
    const [first, second] = [visitor(), visitor()]
    const inputs = [await consented(first), await consented(second)] as const
    const one = await registerMember(services, first, inputs[0], callFor(first, inputs[0]))
    const two = await registerMember(services, second, inputs[1], callFor(second, inputs[1]))
    expect(one.member.memberId).not.toBe(two.member.memberId)
    const indexes = await services.db.pool.query('select count(distinct phone_index)::int as count from member where member_id = any($1)', [[one.member.memberId, two.member.memberId]])
    expect(indexes.rows[0]).toEqual({ count: 1 })
  })

  it('attributes to the channel of the token and names its rep', async () => {
    await services.db.pool.query(`insert into staff values ('rep.li', '李静', '{2}', true, now())`)
    await services.db.pool.query(`insert into channel (channel_id, token, kind, name, staff_user_id, state, created_at) values ($1, 'abcdefghijklmnopqrstuv', 'scan', '南山店', 'rep.li', 'ready', now())`, [randomUUID()])
    const actor = visitor()
    const input = { ...(await consented(actor)), channelToken: 'abcdefghijklmnopqrstuv' }
    const { member } = await registerMember(services, actor, input, callFor(actor, input))
    expect(member.adviser).toEqual({ name: '李静' })
    expect(await count('touch', 'true')).toBe(1)
  })

  it('keeps apart those who come at the same time: everybody gets what is theirs', async () => {
    const { pool } = services.db
    const arrivals = await Promise.all(Array.from({ length: 8 }, async (_unused, index) => {
      const token = `together-${index}-abcdefghijk`
      await pool.query(`insert into staff values ($1, $2, '{2}', true, now())`, [`rep.${index}`, `顾问${index}`])
      await pool.query(`insert into channel (channel_id, token, kind, name, staff_user_id, state, created_at) values ($1, $2, 'scan', $3, $4, 'ready', now())`, [randomUUID(), token, `门店${index}`, `rep.${index}`])
      const actor = visitor()
      return { index, actor, input: { ...(await consented(actor)), phone: `+861380000220${index}`, channelToken: token, answers: { city: `城市${index}` } } }
    }))
    await Promise.all(arrivals.map(async ({ index, actor, input }) => {
      const { member } = await registerMember(services, actor, input, callFor(actor, input))
      expect(member).toMatchObject({ phoneMasked: `138****220${index}`, adviser: { name: `顾问${index}` } })
      const { rows } = await pool.query(
        `select m.member_no, c.name as channel, array(select value from identifier i where i.person_id = m.person_id order by value) as ids,
          (select array_agg(consent_id::text) from consent where person_id = m.person_id) as consents, (select array_agg(source_id) from growth_entry where member_id = m.member_id) as growth,
          (select data->>'channelName' from timeline_entry where person_id = m.person_id) as told, (select channel_id = m.channel_id from touch where person_id = m.person_id) as is_touched,
          (select array_agg(field_key) from member_answer where member_id = m.member_id) as answered,
          (select array_agg(seen->>'value' order by seen->>'value') from outbox, jsonb_array_elements(payload->'seenTogether') seen where payload->>'personId' = m.person_id::text) as linked
        from member m join channel c using (channel_id) where m.member_id = $1`,
        [member.memberId],
      )
      const ids = [actor.openId, actor.unionId].toSorted()
      expect(rows).toEqual([{ member_no: member.memberNo, channel: `门店${index}`, ids, consents: input.consentIds, growth: [member.memberId], told: `门店${index}`, is_touched: true, answered: ['city'], linked: ids }])
    }))
  })

  it('makes each one member when two processes get the same people in opposite order', async () => {
    const other = openDatabase(services.env.databaseUrl, () => {})
    try {
      const arrivals = await Promise.all(Array.from({ length: 40 }, async () => {
        const actor = visitor()
        return { actor, input: await consented(actor) }
      }))
      const registerAll = (using: TestServices, those: typeof arrivals) => Promise.all(those.map(({ actor, input }) => registerMember(using, actor, input, callFor(actor, input))))
      const [here, there] = await Promise.all([registerAll(services, arrivals), registerAll({ ...services, db: other }, arrivals.toReversed())])
      expect(here.map(({ member }) => member.memberId)).toEqual(there.map(({ member }) => member.memberId).toReversed())
      expect([...here, ...there].filter(({ outcome }) => outcome === 'registered')).toHaveLength(40)
    } finally {
      await other.close()
    }
  })

  it('makes two sessions of one human who come at the same time one member', async () => {
    const sessions = [visitor('union-two-phones'), visitor('union-two-phones'), visitor()]
    const arrivals = await Promise.all(sessions.map(async (actor) => ({ actor, input: await consented(actor) })))
    const results = await Promise.all(arrivals.map(({ actor, input }) => registerMember(services, actor, input, callFor(actor, input))))
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['recovered', 'registered', 'registered'])
    expect(results[0]?.member.memberId).toBe(results[1]?.member.memberId)
  })

  it('through an independent channel makes a new person, who takes the openid of this session along from a mere contact and leaves the unionid', async () => {
    const { pool } = services.db
    const token = 'independent-abcdefghij'
    await pool.query(`insert into channel (channel_id, token, kind, name, binding_mode, state, created_at) values ($1, $2, 'scan', '独立渠道', 'independent', 'ready', now())`, [randomUUID(), token])
    const actor = visitor()
    const contactPerson = randomUUID()
    await pool.query('insert into person values ($1, now())', [contactPerson])
    await pool.query(`insert into identifier select n.namespace, n.value, $1, 'externalContact', now() from (values ('unionid@open-platform', $2), ($3, $4)) n(namespace, value)`, [contactPerson, actor.unionId, actor.namespace, actor.openId])
    const input = { ...(await consented(actor)), channelToken: token }
    const { outcome, member } = await registerMember(services, actor, input, callFor(actor, input))
    expect(outcome).toBe('registered')
    const held = await pool.query<{ value: string; is_theirs: boolean }>(`select value, person_id = (select person_id from member where member_id = $1) as is_theirs from identifier where value in ($2, $3)`, [member.memberId, actor.openId, actor.unionId])
    expect(Object.fromEntries(held.rows.map(({ value, is_theirs: isTheirs }) => [value, isTheirs]))).toEqual({ [actor.openId]: true, [actor.unionId ?? '']: false })
    const again = await consented(actor)
    expect(await registerMember(services, actor, again, callFor(actor, again))).toMatchObject({ outcome: 'recovered', member: { memberId: member.memberId } })
  })

  it('keeps no phone in clear anywhere in the database', async () => {
    const actor = visitor()
    const input = { ...(await consented(actor)), phone: '+8615912345678' }
    await registerMember(services, actor, input, callFor(actor, input))
    const tables = await services.db.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public'`)
    for (const { name } of tables.rows) {
      expect(await count(name, `${name}::text like '%15912345678%'`), name).toBe(0)
    }
  })
})
