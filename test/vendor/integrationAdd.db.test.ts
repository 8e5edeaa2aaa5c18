import { randomUUID } from 'node:crypto'
import type { Channel } from '@qihui/shared/channel'
import type { createApiKey } from '@qihui/shared/member'
import type { ResponseOf } from '@qihui/shared/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, join, type ProductAnswer } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

const utm = { source: 'erp', medium: 'api', campaign: 'migration' }

let product: RunningServer
let operator: Record<string, string>
let channel: Channel

beforeAll(async () => {
  product = await startServer()
  operator = { cookie: await staffCookieOf(product, 'manager.wu'), origin: product.url }
  const made = await call(product, 'POST', '/api/channels', { ...operator, 'idempotency-key': randomUUID() }, { kind: 'inviteLink', name: '存量导入', utm })
  channel = made.body as unknown as Channel
})
afterAll(() => product.close())

async function newKey(scopes: readonly string[]): Promise<string> {
  const answer = await call(product, 'POST', '/api/console/api-keys', operator, { name: '会员系统', scopes })
  return (answer.body as unknown as ResponseOf<typeof createApiKey>).key
}

function add(key: string, body: object, idempotencyKey: string = randomUUID()): Promise<ProductAnswer> {
  return call(product, 'POST', '/api/integration/members', { authorization: `Bearer ${key}`, 'idempotency-key': idempotencyKey }, { channelToken: channel.token, ...body })
}

interface MemberRow {
  readonly member_no: string
  readonly name: string
  readonly utm: object
}

async function members(): Promise<MemberRow[]> {
  const text = 'select m.member_no, c.name, c.utm from member m join channel c using (channel_id) where m.absorbed_by is null order by m.registered_at'
  return (await product.services.db.pool.query<MemberRow>(text)).rows
}

const basis = { kind: 'written', at: '2026-01-05T02:00:00.000Z', note: '线下签署的入会登记表' }

describe('a member added by a connected system', () => {
  it('is one member of the right channel and UTM, however often the same record is sent', async () => {
    const key = await newKey(['members:write'])
    const body = { externalKey: 'erp-001', phone: '１３８ ０００１ ２２２２', basis }
    const [first, ...rest] = await Promise.all([add(key, body), add(key, body), add(key, body)])
    const again = await add(key, body)
    expect([first, ...rest, again].map((answer) => answer?.status)).toEqual([201, 201, 201, 201])
    expect(new Set([first, ...rest, again].map((answer) => answer?.body['memberId'])).size).toBe(1)
    expect(again.body).toMatchObject({ outcome: 'recovered' })
    expect(await members()).toEqual([{ member_no: first?.body['memberNo'], name: '存量导入', utm }])
  })

  it('gives the first answer to a repeat of the same idempotency key, and refuses it for another body', async () => {
    const key = await newKey(['members:write'])
    const repeated = randomUUID()
    const first = await add(key, { externalKey: 'erp-002', phone: '13800013333' }, repeated)
    expect(first).toMatchObject({ status: 201, body: { outcome: 'registered' } })
    expect(await add(key, { externalKey: 'erp-002', phone: '13800013333' }, repeated)).toEqual(first)
    expect(await add(key, { externalKey: 'erp-003', phone: '13800014444' }, repeated)).toMatchObject({ status: 422, body: { code: 'idempotency.keyReused' } })
  })

  it('may be contacted only with a basis of consent', async () => {
    const key = await newKey(['members:write'])
    expect((await add(key, { externalKey: 'erp-004', phone: '13800015555', basis })).body['isContactable']).toBe(true)
    expect((await add(key, { externalKey: 'erp-005', phone: '13800016666' })).body['isContactable']).toBe(false)
  })

  it('joins with the person whose unionid it names', async () => {
    const key = await newKey(['members:write'])
    const memberId = await join(product, 'p001')
    const unionId = product.sandbox.world.person('p001').unionId
    expect((await add(key, { externalKey: 'erp-006', unionId })).body).toMatchObject({ memberId, outcome: 'recovered' })
  })

  it('is refused without the scope, without a key, and with a phone that is none; nothing is stored', async () => {
    const before = (await members()).length
    expect(await add(await newKey(['orders:write']), { externalKey: 'erp-007' })).toMatchObject({ status: 403, body: { code: 'apiKey.scopeMissing' } })
    expect((await add('no-such-key', { externalKey: 'erp-008' })).status).toBe(401)
    expect(await add(await newKey(['members:write']), { externalKey: 'erp-009', phone: '12345' })).toMatchObject({ status: 422, body: { code: 'phone.invalid' } })
    expect(await members()).toHaveLength(before)
  })
})
