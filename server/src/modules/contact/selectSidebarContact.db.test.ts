import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { selectSidebarContact } from './tables.ts'

let services: TestServices
const personId = randomUUID()

beforeAll(async () => {
  services = await createTestServices()
  const { pool } = services.db
  await pool.query('insert into person values ($1, now())', [personId])
  await pool.query(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ('wmcard', $1, 1, 'key', 'name', now())`, [personId])
  await pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ('wmcard', 'rep.li', now())`)
})
afterAll(() => services.close())

async function read(viewer: string, externalUserId = 'wmcard') {
  const values = [externalUserId, viewer, randomUUID(), services.now(), 'request-1', ['contactName'], ['contactName', 'phone']]
  const [row] = await services.db.run<Record<string, unknown> & { card: Record<string, unknown> }>(selectSidebarContact, values)
  return row
}

describe('the statement of the sidebar card', () => {
  it('hands a follower the sealed values and the card', async () => {
    expect(await read('rep.li')).toMatchObject({ outcome: 'shown', name_sealed: Buffer.from('name'), card: { externalUserId: 'wmcard' } })
  })

  it.each([['rep.other', 'wmcard', 'refused'], ['rep.li', 'wmunknown', 'absent']])('lets nothing of the contact out of the database for %s and %s', async (viewer, externalUserId, outcome) => {
    const { outcome: said, card, ...sealed } = (await read(viewer, externalUserId)) ?? { card: {} }
    expect(said).toBe(outcome)
    expect([...Object.values(sealed), ...Object.values(card)].filter((value) => value !== null)).toEqual([])
  })

  it('writes who looked, whose card and which fields, in the same breath', async () => {
    const rows = await services.db.pool.query(`select distinct actor_id, subject, person_id, fields, outcome from audit_entry order by outcome`)
    expect(rows.rows).toEqual([
      { actor_id: 'rep.li', subject: 'wmunknown', person_id: null, fields: [], outcome: 'absent' },
      { actor_id: 'rep.other', subject: 'wmcard', person_id: personId, fields: [], outcome: 'refused' },
      { actor_id: 'rep.li', subject: 'wmcard', person_id: personId, fields: ['contactName'], outcome: 'shown' },
    ])
  })
})
