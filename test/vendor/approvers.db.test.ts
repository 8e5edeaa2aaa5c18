/** Who is told of a request that waits, and who may not decide about it: over the wire, with the leaders WeCom tells of (R86, domain rules i 2). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { call, join } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startProduct, type Product } from './startProduct.ts'

const patiently = { timeout: 40_000, interval: 100 }
const cookies = new Map<string, string>()
let product: Product
let contact: string
let approvalId: string

const headersOf = (staffUserId: string) => ({ cookie: cookies.get(staffUserId) ?? '', origin: product.url, 'idempotency-key': randomUUID() })
const post = (staffUserId: string, url: string, body: object) => call(product, 'POST', url, headersOf(staffUserId), body)
const get = (staffUserId: string, url: string) => call(product, 'GET', url, headersOf(staffUserId))
const messages = () => product.sandbox.world.outbox().filter(({ medium }) => medium === 'app')
const onStage = async (staffUserId: string) => {
  const answer = await fetch(`${product.sandbox.url}/_sandbox/staff/${staffUserId}/app-messages`)
  return ((await answer.json()) as { messages: { subject: string }[] }).messages.map(({ subject }) => subject)
}
const told = () => messages().map(({ to }) => to).sort()
const ask = async (more: object = {}) => String((await post('rep.chen', `${contact}/approvals`, { fieldKeys: ['phone'], purpose: 'delivery', note: '寄送生日礼物', minutes: 5, maxViews: 1, ...more })).body['approvalId'])

beforeAll(async () => {
  product = await startProduct({ withWorker: true, settings: { BREAK_GLASS_ROLES: 'salesRep' } })
  const { world } = product.sandbox
  await join(product, 'p001')
  await world.addContact({ personId: 'p001', staffUserId: 'rep.chen' })
  contact = `/api/sidebar/contacts/${world.person('p001').externalUserId}`
  await vi.waitFor(async () => expect(await product.rows(`select from follow_user where staff_user_id = 'rep.chen' and external_user_id = $1`, [world.person('p001').externalUserId])).toHaveLength(1), patiently)
  await vi.waitFor(async () => expect(await product.rows('select from department')).toHaveLength(3), patiently)
  for (const staffUserId of ['manager.wu', 'manager.xu', 'rep.chen', 'rep.zhang', 'rep.liu', 'rep.li']) cookies.set(staffUserId, await staffCookieOf(product, staffUserId))
  // A report of rep.chen, a leader elsewhere over everybody, and a colleague of another department.
  const grants = [['rep.zhang', 'department'], ['manager.xu', 'all'], ['rep.liu', 'department']] as const
  for (const [staffUserId, scope] of grants) expect(await post('manager.wu', '/api/console/rights/grants', { staffUserId, role: 'approver', scope })).toMatchObject({ status: 201 })
  approvalId = await ask()
}, 90_000)
afterAll(() => product.close())

describe('leaders', () => {
  it('are mirrored as WeCom tells of them: of departments, and direct ones', async () => {
    const rows = await product.rows(`select staff_user_id, led_department_ids, leader_ids from staff where staff_user_id in ('manager.wu', 'rep.zhang', 'rep.chen') order by 1`)
    expect(rows).toEqual([
      { staff_user_id: 'manager.wu', led_department_ids: [2], leader_ids: [] },
      { staff_user_id: 'rep.chen', led_department_ids: [], leader_ids: [] },
      { staff_user_id: 'rep.zhang', led_department_ids: [], leader_ids: ['rep.chen'] },
    ])
  })
})

describe('a request that waits', () => {
  it('is told to whoever may decide about it, once, and says nothing of anybody', async () => {
    await vi.waitFor(() => expect(told()).toEqual(['manager.xu']), patiently)
    const { phone, name, unionId } = product.sandbox.world.person('p001')
    const [message] = messages()
    expect(message).toMatchObject({ subject: '有一条查看申请等待审批', text: expect.stringContaining(`${product.url}/sidebar/?approval=${approvalId}`) })
    for (const word of [phone, name, unionId, '陈晨', '寄送生日礼物']) expect(`${message?.subject}${message?.text}`).not.toContain(word)
    expect(await onStage('manager.xu')).toEqual(['有一条查看申请等待审批'])
    expect(await onStage('rep.liu')).toEqual([])
    await product.services.db.pool.query(`insert into outbox (job, job_key, payload) values ('tellApprovers', 'again', $1)`, [{ approvalId }])
    const runs = () => product.rows(`select from queue.job where name = 'tellApprovers' and state = 'completed'`)
    await vi.waitFor(async () => expect(await runs()).toHaveLength(2), patiently)
    expect(told()).toEqual(['manager.xu'])
  })

  it('is told again to whoever is left when one approver is not enough', async () => {
    expect(await post('manager.wu', '/api/console/rights/grants', { staffUserId: 'rep.li', role: 'approver', scope: 'all' })).toMatchObject({ status: 201 })
    const ofTwo = await ask()
    const heard = () => messages().filter(({ text }) => text.includes(ofTwo)).map(({ to, subject }) => `${to} ${subject}`)
    await vi.waitFor(() => expect(heard().length).toBeGreaterThan(0), patiently)
    expect(heard().map((line) => line.split(' ')[0]).sort()).toEqual(['manager.xu', 'rep.li'])
    await product.services.db.pool.query('update approval set needed_approvers = 2 where approval_id = $1', [ofTwo])
    expect(await post('manager.xu', `/api/staff/approvals/${ofTwo}/decision`, { verdict: 'approve', version: 1 })).toMatchObject({ status: 200, body: { state: 'requested' } })
    await vi.waitFor(() => expect(heard()).toContain('rep.li 有一条查看申请还需要第二人审批'), patiently)
    expect(await post('rep.li', `/api/staff/approvals/${ofTwo}/decision`, { verdict: 'approve', version: 2 })).toMatchObject({ status: 200, body: { state: 'approved' } })
  })

  it('is not decided by somebody the requester leads, who does not find it among theirs either', async () => {
    expect((await get('rep.zhang', '/api/staff/approvals')).body).toMatchObject({ forMe: [] })
    const desk = (await get('rep.zhang', '/api/console/approvals')).body
    expect(desk['waiting']).toMatchObject([{ approvalId, canDecide: false }])
    const decision = { verdict: 'approve', version: 1 }
    expect(await post('rep.zhang', `/api/staff/approvals/${approvalId}/decision`, decision)).toMatchObject({ status: 403, body: { code: 'approval.subordinateDecision' } })
    expect(await post('rep.liu', `/api/staff/approvals/${approvalId}/decision`, decision)).toMatchObject({ status: 404 })
    expect(await post('manager.xu', `/api/staff/approvals/${approvalId}/decision`, decision)).toMatchObject({ status: 200, body: { state: 'approved' } })
  })

  it('after an emergency is told as a review, which no subordinate gives', async () => {
    const emergency = await ask({ isBreakGlass: true })
    await vi.waitFor(() => expect(messages().map(({ to, subject }) => `${to} ${subject}`)).toContain('manager.xu 有一次紧急查看等待复核'), patiently)
    const review = { verdict: 'justified', note: '客户就在店里等' }
    expect(await post('rep.zhang', `/api/staff/approvals/${emergency}/review`, review)).toMatchObject({ status: 403, body: { code: 'approval.subordinateDecision' } })
    expect(await post('manager.xu', `/api/staff/approvals/${emergency}/review`, review)).toMatchObject({ status: 200 })
  })
})
