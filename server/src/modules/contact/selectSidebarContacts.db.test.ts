import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { selectSidebarContacts } from './tables.ts'

let services: TestServices
const personId = randomUUID()

beforeAll(async () => {
  services = await createTestServices()
  const { pool } = services.db
  await pool.query('insert into person values ($1, now())', [personId])
  await pool.query(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ('wmcard', $1, 1, 'key', 'name', now())`, [personId])
  await pool.query(`insert into staff (staff_user_id, name, department_ids, is_visible, synced_at) values ('rep.li', '李静', '{2}', true, now())`)
  await pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ('wmcard', 'rep.li', now())`)
})
afterAll(() => services.close())

const auditFields = ['contactName', 'contactName,phone', 'memberNo', 'memberNo', '', '', '', '']

function readAll(viewer: string, externalUserId = 'wmcard', departments: readonly [number[], number[]] = [[], []], farthest = 0) {
  const run = {
    external_user_id: externalUserId, viewer, audit_id: randomUUID(), at: services.now(), request_id: 'request-1',
    shown_fields: auditFields, departments: departments[0], department_tree: departments[1], farthest,
  }
  return services.db.runInSet<Record<string, unknown> & { card: Record<string, unknown> }>(selectSidebarContacts, run)
}

async function read(...asked: Parameters<typeof readAll>) {
  const [row] = await readAll(...asked)
  return row
}

describe('the statement of the sidebar card', () => {
  it('hands a follower the sealed values and the card', async () => {
    expect(await read('rep.li')).toMatchObject({ outcome: 'shown', name_sealed: Buffer.from('name'), card: { externalUserId: 'wmcard' } })
  })

  it.each([['rep.other', 'wmcard', 'refused'], ['rep.li', 'wmunknown', 'absent']])('lets nothing of the contact out of the database for %s and %s', async (viewer, externalUserId, outcome) => {
    const { run: _run, outcome: said, card, ...sealed } = (await read(viewer, externalUserId)) ?? { card: {} }
    expect(said).toBe(outcome)
    expect([...Object.values(sealed), ...Object.values(card)].filter((value) => value !== null)).toEqual([])
  })

  it.each([
    ['a colleague of the department', [[2], [2]], 1, 'shown', 1],
    ['somebody above it', [[1], [1, 2, 3]], 2, 'shown', 2],
    ['somebody above it whose right ends at the department', [[1], [1, 2, 3]], 1, 'refused', undefined],
    ['a colleague whose right ends with their own customers', [[2], [2]], 0, 'refused', undefined],
    ['another department', [[3], [3]], 2, 'refused', undefined],
    ['another department with a right over everybody', [[3], [3]], 3, 'shown', 3],
    ['somebody without the right', [[2], [2]], -1, 'refused', undefined],
  ] as const)('answers %s as far as the right reaches', async (_who, [own, tree], farthest, outcome, standing) => {
    const row = await read('rep.wang', 'wmcard', [[...own], [...tree]], farthest)
    expect([row?.outcome, row?.card.standing]).toEqual([outcome, standing ?? null])
  })

  it('refuses a follower who holds no right to read', async () => {
    expect(await read('rep.li', 'wmcard', [[2], [2]], -1)).toMatchObject({ outcome: 'refused', name_sealed: null })
  })

  it('writes who looked, whose card and which fields, in the same breath', async () => {
    const rows = await services.db.pool.query(`select distinct actor_id, subject, person_id, fields, outcome from audit_entry where actor_id <> 'rep.wang' order by outcome, actor_id`)
    expect(rows.rows).toEqual([
      { actor_id: 'rep.li', subject: 'wmunknown', person_id: null, fields: [], outcome: 'absent' },
      { actor_id: 'rep.li', subject: 'wmcard', person_id: personId, fields: [], outcome: 'refused' },
      { actor_id: 'rep.other', subject: 'wmcard', person_id: personId, fields: [], outcome: 'refused' },
      { actor_id: 'rep.li', subject: 'wmcard', person_id: personId, fields: ['contactName'], outcome: 'shown' },
    ])
    const seen = await services.db.pool.query(`select distinct fields from audit_entry where actor_id = 'rep.wang' and outcome = 'shown' order by fields`)
    expect(seen.rows).toEqual([{ fields: [] }, { fields: ['memberNo'] }])
  })

  it('mixes up nobody of those it answers at once', async () => {
    const { pool } = services.db
    const otherId = randomUUID()
    await pool.query('insert into person values ($1, now())', [otherId])
    await pool.query(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ('wmother', $1, 1, 'key', 'other', now())`, [otherId])
    await pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ('wmother', 'rep.other', now())`)
    const asked = [['rep.li', 'wmcard'], ['rep.other', 'wmother'], ['rep.other', 'wmcard'], ['rep.li', 'wmunknown'], ['rep.li', 'wmother'], ['rep.other', 'wmother'], ['rep.li', 'wmcard']] as const
    const answers = await Promise.all(asked.map(([viewer, externalUserId]) => readAll(viewer, externalUserId)))
    const names = answers.map((rows) => rows.map(({ outcome, name_sealed: name, card }) => `${String(outcome)} ${String(name)} ${String(card.externalUserId)}`))
    const [own, other] = [['shown name wmcard'], ['shown other wmother']]
    expect(names).toEqual([own, other, ['refused null null'], ['absent null null'], ['refused null null'], other, own])
  })
})
