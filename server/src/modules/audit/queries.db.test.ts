import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { exportEntries, listAccesses, listEntries } from './queries.ts'
import { recordAudit } from './steps.ts'

const operator = staffWithoutSession('manager.wu', '吴敏', true)
const [person, absorbed, memberNo] = [randomUUID(), randomUUID(), '100000000001']
let services: TestServices
let self: MemberActor

beforeAll(async () => {
  services = await createTestServices()
  const namespace = miniProgramNamespace(services.env)
  self = { kind: 'member', sessionId: randomUUID(), namespace, openId: 'open-1', unionId: null, externalUserId: null }
  const query = (text: string, values: unknown[] = []) => services.db.pool.query(text, values)
  await query('insert into person values ($1, now()), ($2, now())', [person, absorbed])
  await query('update person set absorbed_by = $1 where person_id = $2', [person, absorbed])
  await query(`insert into identifier values ($1, 'open-1', $2, 'test', now())`, [namespace, person])
  await query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
     values ($1, $2, $3, 'k', 'normal', now(), 0, '', '', now(), now())`, [randomUUID(), person, memberNo])
  await query(`insert into staff (staff_user_id, name, is_visible, synced_at) values ('rep.li', '李静', true, now()), ('=cmd()', '=cmd()', true, now())`)
  await query(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ('wmone', $1, 1, 'k', 'n', now())`, [person])
  await query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ('wmone', 'rep.li', now())`)
  for (let index = 0; index < 120; index += 1) await look(index % 2 === 0 ? 'rep.li' : 'manager.xu', index % 3 === 0 ? person : null, index)
  await look('=cmd()', absorbed, 200)
})
afterAll(() => services.close())

/** Pairs of entries share a moment: paging must not lose one of them. */
function look(staffUserId: string, personId: string | null, index: number): Promise<void> {
  const at = new Date(Date.parse('2026-11-19T02:00:00Z') + Math.floor(index / 2) * 60_000)
  return recordAudit(services.db, { at, actor: { kind: 'staff', id: staffUserId }, action: 'contact.read', subject: `wm${index}`, personIds: personId === null ? [] : [personId], fields: ['phone'], outcome: 'shown' })
}

async function allPages(filter: Parameters<typeof listEntries>[1]): Promise<string[]> {
  const subjects: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listEntries(services, { ...filter, ...(cursor ? { cursor } : {}) })
    expect(page.entries.length).toBeLessThanOrEqual(50)
    subjects.push(...page.entries.map(({ subject }) => subject))
    if (page.nextCursor === null) return subjects
    cursor = page.nextCursor
  }
}

describe('the list of the audit', () => {
  it('has every entry once, page by page, newest first', async () => {
    const subjects = await allPages({})
    expect(subjects).toHaveLength(121)
    expect(new Set(subjects).size).toBe(121)
    expect(subjects[0]).toBe('wm200')
  })

  it('narrows by staff, member, action and local day', async () => {
    expect(await allPages({ staffUserId: 'rep.li' })).toHaveLength(60)
    expect(await allPages({ memberNo })).toHaveLength(40)
    expect(await allPages({ action: 'channel.create' })).toEqual([])
    expect(await allPages({ day: '2026-11-19' })).toHaveLength(121)
    expect(await allPages({ day: '2026-11-18' })).toEqual([])
    expect((await listEntries(services, { memberNo })).entries[0]).toMatchObject({ memberNo, actorKind: 'staff', isSealed: false })
  })

  it('leaves as CSV that no spreadsheet runs, and says so in the audit', async () => {
    const { csv, rows, isTruncated } = await exportEntries(services, operator, { day: '2026-11-19' }, 'request-1')
    expect([rows, isTruncated]).toEqual([121, false])
    expect(csv).toContain(`'=cmd()`)
    expect(csv.split('\n')[0]).toContain('时间,操作方,操作人')
    const told = await services.db.pool.query(`select actor_id, subject, request_id from audit_entry where action = 'audit.export'`)
    expect(told.rows).toEqual([{ actor_id: 'manager.wu', subject: 'audit:2026-11-19', request_id: 'request-1' }])
  })
})

describe('what members see of it', () => {
  it('is who looked at them and at whom they were before a merge, by role and purpose, without a name', async () => {
    const { accesses } = await listAccesses(services, self)
    expect(accesses).toHaveLength(41)
    expect(accesses[0]).toEqual({ at: '2026-11-19T03:40:00.000Z', role: '企业管理人员', purpose: '在聊天中为您服务', fields: ['手机号'] })
    expect(new Set(accesses.map(({ role }) => role))).toEqual(new Set(['服务您的员工', '企业管理人员']))
    expect(JSON.stringify(accesses)).not.toMatch(/李静|rep\.li|wm/)
  })

  it('is nothing for somebody who is no member', async () => {
    await expect(listAccesses(services, { ...self, openId: 'stranger' })).rejects.toMatchObject({ code: 'member.notFound' })
  })
})
