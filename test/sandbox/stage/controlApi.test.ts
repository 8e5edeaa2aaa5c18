import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../startSandbox.ts'
import type { Sandbox } from '../types.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, serverUrl: null })
})

afterAll(() => sandbox.close())

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${sandbox.url}/_sandbox${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

async function refusal(response: Response): Promise<{ status: number; message: string }> {
  return { status: response.status, message: ((await response.json()) as { message: string }).message }
}

describe('the control API', () => {
  it('shows people without their phone numbers', async () => {
    const text = await (await fetch(`${sandbox.url}/_sandbox/state`)).text()
    expect(text).toContain('小安')
    expect(text).not.toMatch(/"1[3-9]\d{9}"/)
  })

  it('keeps the login of each employee at their own desk', async () => {
    const jar = new Map<string, string>()
    const sitDown = async (staffUserId: string): Promise<string | undefined> => {
      const answer = await post('/identity', { staffUserId }, { cookie: [...jar].map((pair) => pair.join('=')).join('; ') })
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return jar.get('qihui_staff')
    }
    expect(await sitDown('rep.li')).toBeUndefined()
    jar.set('qihui_staff', 'session-of-li')
    expect(await sitDown('manager.xu')).toBeUndefined()
    jar.set('qihui_staff', 'session-of-xu')
    expect(await sitDown('rep.li')).toBe('session-of-li')
    expect(await sitDown('manager.xu')).toBe('session-of-xu')
  })

  it('sends the events of the wire as they happen, and again from the last one seen', async () => {
    sandbox.wire.add({ from: 'phone', to: 'server', what: 'GET /a', meaning: '甲', status: 200, errcode: null, durationMs: 1 })
    const last = sandbox.wire.entries().at(-1)?.id ?? 0
    const stop = new AbortController()
    const response = await fetch(`${sandbox.url}/_sandbox/wire/stream`, { headers: { 'last-event-id': String(last) }, signal: stop.signal })
    sandbox.wire.add({ from: 'phone', to: 'server', what: 'GET /b', meaning: '乙', status: 200, errcode: null, durationMs: 1 })
    let text = ''
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString('utf8')
      if (text.includes('GET /b')) break
    }
    expect(text).toContain(`id: ${last + 1}`)
    expect(text).not.toContain('GET /a')
    stop.abort()
  })

  it.each([
    ['/scan', 'no json', 400, '请求内容不是有效的 JSON'],
    ['/scan', [1], 400, '请求内容必须是一个 JSON 对象'],
    ['/scan', { personId: 'p001' }, 400, '缺少 codeId'],
    ['/messages', { staffUserId: 'rep.li', personId: 'p001', from: 'robot', text: '好' }, 400, 'from 只能是 staff 或 person'],
    ['/contacts/remove', { staffUserId: 'rep.li', personId: 'p001', by: 'nobody' }, 400, 'by 只能是 member 或 customer'],
    ['/shop/orders', { personId: 'p001', amountFen: 1.5 }, 400, 'amountFen 必须是 1 到 100000000 之间的整数'],
    ['/shop/orders', { personId: 'p001', amountFen: 100 }, 503, '产品服务还没有启动'],
    ['/identity', { staffUserId: 'nobody' }, 404, '没有 userid 为 nobody 的成员'],
    ['/phone/open-link', { url: 'https://wxaurl.cn/unknown' }, 404, '链接不存在或已过期'],
  ])('says what to change: %s %j', async (path, body, status, message) => {
    expect(await refusal(await post(path, body))).toEqual({ status, message })
  })

  it('answers the refusals of the world in its own words', async () => {
    const { status, message } = await refusal(await post('/phone/login-code', { personId: 'p999' }))
    expect(status).toBe(422)
    expect(message).not.toBe('')
  })

  it('lets nobody from another site steer the sandbox', async () => {
    expect((await post('/phone/quota', { remaining: 0 }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  it('switching the employee also ends the session of our product', async () => {
    const cookies = (await post('/identity', { staffUserId: 'rep.li' })).headers.getSetCookie().join('\n')
    expect(cookies).toMatch(/sandbox_identity=staff:rep\.li;/)
    expect(cookies).toMatch(/qihui_staff=;.*expires=Thu, 01 Jan 1970/)
  })
})
