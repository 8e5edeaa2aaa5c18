import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../db/pool.ts'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeContact } from './commands/storeContact.ts'
import { getSidebarContact } from './queries.ts'

let services: TestServices
/** Sees what is committed, and nothing else. */
let outside: Database
const contacts = Array.from({ length: 10 }, (_unused, index) => `wmCrowd${index}`)

beforeAll(async () => {
  services = await createTestServices()
  outside = openDatabase(services.env.databaseUrl, () => {}, { connections: 2 })
  for (const externalUserId of contacts) {
    await storeContact(services, {
      contact: { externalUserId, name: `客户${externalUserId}`, type: 1, avatarUrl: null, corpName: null, unionId: null },
      followUsers: [{ staffUserId: 'rep.li', remark: '', addedAt: new Date('2026-11-01T08:00:00Z'), addWay: 1, state: null, tagIds: [] }],
    })
  }
})
afterAll(async () => {
  await outside.close()
  await services.close()
})

const viewer = (staffUserId: string) => staffWithoutSession(staffUserId, staffUserId)
const auditOf = async (requestId: string): Promise<unknown[]> => (await outside.pool.query('select actor_id, subject, outcome from audit_entry where request_id = $1', [requestId])).rows

describe('reads of the card in a crowd', () => {
  it('each show their own contact, or refuse, after their own audit row is there for everybody to see', async () => {
    await Promise.all(Array.from({ length: 100 }, async (_unused, index) => {
      const externalUserId = contacts[index % contacts.length] ?? ''
      const [staffUserId, requestId] = [index % 3 === 0 ? 'rep.wang' : 'rep.li', `crowd-${index}`]
      const outcome = await getSidebarContact(services, viewer(staffUserId), externalUserId, requestId).then(
        ({ contact }) => contact?.name,
        (error: { code?: string }) => error.code,
      )
      const isShown = staffUserId === 'rep.li'
      expect(outcome).toBe(isShown ? `客户${externalUserId}` : 'contact.notFollowing')
      expect(await auditOf(requestId)).toEqual([{ actor_id: staffUserId, subject: externalUserId, outcome: isShown ? 'shown' : 'refused' }])
    }))
  })

  it('show nothing when their own audit row cannot be written, and their neighbours are shown and audited', async () => {
    const requestIds = Array.from({ length: 20 }, (_unused, index) => (index === 7 ? 'cannot be written: \0' : `beside-${index}`))
    const outcomes = await Promise.allSettled(requestIds.map((requestId) => getSidebarContact(services, viewer('rep.li'), 'wmCrowd1', requestId)))
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7])
    const { rows } = await outside.pool.query<{ count: number }>(`select count(*)::int as count from audit_entry where request_id like 'beside-%' and outcome = 'shown'`)
    expect(rows[0]?.count).toBe(19)
  })
})
