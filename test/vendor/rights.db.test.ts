/** Rights over the wire, with the departments and the visibility WeCom tells of (R80, R83, R84). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startProduct, type Product } from './startProduct.ts'

const patiently = { timeout: 20_000, interval: 100 }
let product: Product

beforeAll(async () => {
  product = await startProduct({ withWorker: true })
  const { world } = product.sandbox
  await world.addContact({ personId: 'p001', staffUserId: 'rep.liu' })
  const arrived = () => product.rows(`select from follow_user join staff using (staff_user_id), department where staff_user_id = 'rep.liu' and external_user_id = $1`, [world.person('p001').externalUserId])
  await vi.waitFor(async () => expect(await arrived()).not.toEqual([]), patiently)
})
afterAll(() => product.close())

async function ask(staffUserId: string, method: string, path: string, body?: object) {
  const cookie = await staffCookieOf(product, staffUserId)
  return askWith(cookie, method, path, body)
}

async function askWith(cookie: string, method: string, path: string, body?: object) {
  const headers = { cookie, origin: product.url, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const response = await fetch(`${product.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & { contact?: { relation: string } } }
}

const cardPath = () => `/api/sidebar/contacts/${product.sandbox.world.person('p001').externalUserId}`

describe('the departments', () => {
  it('are mirrored with their parents', async () => {
    expect(await product.rows('select department_id, name, parent_id from department order by department_id')).toEqual([
      { department_id: 1, name: '总部', parent_id: 0 },
      { department_id: 2, name: '销售一部', parent_id: 1 },
      { department_id: 3, name: '销售二部', parent_id: 1 },
    ])
  })
})

describe('a role', () => {
  it('granted over the departments below opens a colleague’s customer to read, and its end closes them again', async () => {
    expect((await ask('rep.zhao', 'GET', cardPath())).status).toBe(404)
    const granted = await ask('manager.wu', 'POST', '/api/console/rights/grants', { staffUserId: 'rep.zhao', role: 'serviceAgent', scope: 'department' })
    expect(granted.status).toBe(201)
    expect(await ask('rep.zhao', 'GET', cardPath())).toMatchObject({ status: 200, body: { contact: { relation: 'department', remark: null } } })
    const refused = await ask('rep.zhao', 'POST', `${cardPath()}/corp-tags`, { addTagIds: [], removeTagIds: [] })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    await ask('manager.wu', 'POST', `/api/console/rights/grants/${String(granted.body['grantId'])}/revocation`)
    expect((await ask('rep.zhao', 'GET', cardPath())).status).toBe(404)
  })

  it('is nobody’s to give but a system admin’s, and never one’s own', async () => {
    const wish = { staffUserId: 'rep.zhao', role: 'serviceAgent', scope: 'all' }
    expect(await ask('rep.li', 'POST', '/api/console/rights/grants', wish)).toMatchObject({ status: 403, body: { code: 'staff.notOperator' } })
    expect(await ask('manager.wu', 'POST', '/api/console/rights/grants', { ...wish, staffUserId: 'manager.wu' })).toMatchObject({ status: 422, body: { code: 'rights.notGrantable' } })
    expect(await ask('manager.wu', 'POST', '/api/console/rights/grants', { ...wish, isOperator: true })).toMatchObject({ status: 422, body: { code: 'request.invalid' } })
  })

  it('ends with the visibility of its holder, within the minute R84 allows', async () => {
    await ask('manager.wu', 'POST', '/api/console/rights/grants', { staffUserId: 'rep.zhou', role: 'serviceAgent', scope: 'department' })
    const cookie = await staffCookieOf(product, 'rep.zhou')
    expect((await askWith(cookie, 'GET', cardPath())).status).toBe(200)
    await product.sandbox.world.setStaffVisible('rep.zhou', false)
    await expect.poll(async () => (await askWith(cookie, 'GET', cardPath())).status, patiently).toBe(401)
  })
})
