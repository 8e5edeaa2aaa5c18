import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { acceptCallback } from './acceptCallback.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())
beforeEach(() => services.db.pool.query('truncate callback_event, outbox'))

const eventOf = (customer: string) => ({
  event: 'change_external_contact',
  changeType: 'edit_external_contact',
  fields: new Map([['Event', 'change_external_contact'], ['ChangeType', 'edit_external_contact'], ['UserID', 'rep.li'], ['ExternalUserID', customer], ['CreateTime', '1789000000']]),
})
const accept = (customer: string) => acceptCallback(services, eventOf(customer))
const wantedJobs = async () => (await services.db.pool.query<{ customer: string }>(`select payload->>'externalUserId' as customer from outbox order by outbox_id`)).rows.map(({ customer }) => customer)

describe('acceptCallback', () => {
  it('stores an event that comes several times at once once, says to one of them that it is new, and asks for its job once', async () => {
    const customers = Array.from({ length: 40 }, (_unused, index) => `wm-twice-${Math.floor(index / 4)}`)
    const isNew = await Promise.all(customers.map(accept))
    expect(customers.filter((_customer, index) => isNew[index])).toEqual([...new Set(customers)])
    expect((await wantedJobs()).sort()).toEqual([...new Set(customers)])
    expect(await accept('wm-twice-3')).toBe(false)
    expect(await wantedJobs()).toHaveLength(10)
  })

  it('asks for jobs in the order of arrival', async () => {
    const customers = Array.from({ length: 30 }, (_unused, index) => `wm-order-${String((index * 7) % 30).padStart(2, '0')}`)
    await Promise.all(customers.map(accept))
    expect(await wantedJobs()).toEqual(customers)
  })
})
