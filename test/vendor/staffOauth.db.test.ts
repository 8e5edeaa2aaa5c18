import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, startProduct, type Product } from './startProduct.ts'

const exchange = '/cgi-bin/auth/getuserinfo'
let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())

/** A browser: keeps cookies, follows nothing by itself. */
function browser() {
  const jar = new Map<string, string>()
  return {
    jar,
    async get(path: string): Promise<Response> {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(new URL(path, product.serverUrl), { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        jar.set(name, value)
      }
      return response
    },
  }
}
type Browser = ReturnType<typeof browser>

async function stateFor(client: Browser, returnTo = '/sidebar/'): Promise<string> {
  const response = await client.get(`/api/staff/oauth/start?returnTo=${encodeURIComponent(returnTo)}`)
  return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
}

const arrive = (client: Browser, code: string, state: string): Promise<Response> => client.get(`/api/staff/oauth/callback?code=${code}&state=${state}`)
const codeOf = (identity: { staffUserId: string } | { personId: string }): string => product.sandbox.world.authorizeCode(identity, 'snsapi_base')

async function logIn(client: Browser, staffUserId = 'rep.li', returnTo = '/sidebar/'): Promise<Response> {
  return arrive(client, codeOf({ staffUserId }), await stateFor(client, returnTo))
}

async function sessions(): Promise<number> {
  const [row] = await product.rows<{ count: number }>('select count(*)::int as count from staff_session')
  return row?.count ?? 0
}

const statusOfSelf = async (client: Browser): Promise<number> => (await client.get('/api/staff/me')).status

describe('a login', () => {
  it('goes to the authorise page with every parameter the platform asks for', async () => {
    const response = await browser().get('/api/staff/oauth/start?returnTo=/sidebar/')
    const location = response.headers.get('location') ?? ''
    expect(response.status).toBe(302)
    expect(location).toMatch(/\/connect\/oauth2\/authorize\?appid=ww[0-9a-f]{16}&redirect_uri=.*&response_type=code&scope=snsapi_base&state=[0-9a-f]{48}&agentid=\d+#wechat_redirect$/)
    expect(response.headers.getSetCookie()[0]).toMatch(/^qihui_browser=.*HttpOnly; SameSite=Lax$/)
  })

  it('opens a session, returns to the page asked for and tells who is logged in', async () => {
    const client = browser()
    const response = await logIn(client, 'rep.li', '/sidebar/?from=chat#/contact')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/sidebar/?from=chat#/contact'])
    expect(response.headers.getSetCookie()[0]).toMatch(/^qihui_staff=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/)
    expect(await (await client.get('/api/staff/me')).json()).toMatchObject({ staffUserId: 'rep.li', name: '李静', agentId: '1000002' })
  })

  it('gives 50 arrivals of one code in one browser one session and asks WeCom once', async () => {
    const client = browser()
    const state = await stateFor(client)
    const code = codeOf({ staffUserId: 'rep.wang' })
    const before = { sessions: await sessions(), calls: callsOf(product, exchange) }
    const browserToken = client.jar.get('qihui_browser') ?? ''
    const answers = await Promise.all(Array.from({ length: 50 }, () => {
      const twin = browser()
      twin.jar.set('qihui_browser', browserToken)
      return arrive(twin, code, state)
    }))
    const tokens = new Set(answers.map((answer) => answer.headers.getSetCookie()[0]))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 302))
    expect(tokens.size).toBe(1)
    expect({ sessions: (await sessions()) - before.sessions, calls: callsOf(product, exchange) - before.calls }).toEqual({ sessions: 1, calls: 1 })
  })

  it('ends the session the browser had before', async () => {
    const client = browser()
    await logIn(client)
    const old = browser()
    old.jar.set('qihui_staff', client.jar.get('qihui_staff') ?? '')
    await logIn(client)
    expect([await statusOfSelf(old), await statusOfSelf(client)]).toEqual([401, 200])
  })

  it('does not make a session of a token that was there before it', async () => {
    const client = browser()
    client.jar.set('qihui_staff', 'A'.repeat(43))
    await logIn(client)
    const fixed = browser()
    fixed.jar.set('qihui_staff', 'A'.repeat(43))
    expect(await statusOfSelf(fixed)).toBe(401)
  })
})

describe('a refused login is a readable page and no session:', () => {
  async function refusal(response: Promise<Response>): Promise<{ status: number; text: string }> {
    const answer = await response
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.headers.getSetCookie().some((line) => line.startsWith('qihui_staff='))).toBe(false)
    return { status: answer.status, text: await answer.text() }
  }

  it('a state of another browser', async () => {
    const state = await stateFor(browser())
    const other = browser()
    await stateFor(other)
    expect(await refusal(arrive(other, codeOf({ staffUserId: 'rep.li' }), state))).toMatchObject({ status: 400, text: expect.stringContaining('登录链接已失效') })
  })

  it('no browser cookie, no state, an unknown state', async () => {
    const state = await stateFor(browser())
    const known = browser()
    await stateFor(known)
    const answers = [
      await refusal(arrive(browser(), codeOf({ staffUserId: 'rep.li' }), state)),
      await refusal(known.get(`/api/staff/oauth/callback?code=${codeOf({ staffUserId: 'rep.li' })}`)),
      await refusal(arrive(known, codeOf({ staffUserId: 'rep.li' }), 'f'.repeat(48))),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  })

  it('a state older than five minutes', async () => {
    const client = browser()
    const state = await stateFor(client)
    await product.sandbox.clock.advance(5 * 60_000 + 1000)
    expect((await refusal(arrive(client, codeOf({ staffUserId: 'rep.li' }), state))).status).toBe(400)
  })

  it('a used state with another code, and a repeated code after five minutes', async () => {
    const client = browser()
    const state = await stateFor(client)
    const code = codeOf({ staffUserId: 'rep.li' })
    expect((await arrive(client, code, state)).status).toBe(302)
    expect((await refusal(arrive(client, codeOf({ staffUserId: 'rep.li' }), state))).status).toBe(400)
    expect((await arrive(client, code, state)).status).toBe(302)
    await product.sandbox.clock.advance(5 * 60_000 + 1000)
    expect((await refusal(arrive(client, code, state))).status).toBe(400)
  })

  it('a code WeCom does not know', async () => {
    const client = browser()
    expect(await refusal(arrive(client, 'made-up', await stateFor(client)))).toMatchObject({ status: 400, text: expect.stringContaining('登录凭证已失效') })
  })

  it('a customer, who is told so', async () => {
    const client = browser()
    const before = await sessions()
    const answer = await refusal(arrive(client, codeOf({ personId: 'p101' }), await stateFor(client)))
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('不是本企业成员') })
    expect(await sessions()).toBe(before)
  })

  it('an employee outside the visible scope', async () => {
    const client = browser()
    expect(await refusal(arrive(client, codeOf({ staffUserId: 'fin.ma' }), await stateFor(client)))).toMatchObject({ status: 403, text: expect.stringContaining('可见范围') })
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/api/staff/logout'])('a return to %s', async (returnTo) => {
    expect((await refusal(browser().get(`/api/staff/oauth/start?returnTo=${encodeURIComponent(returnTo)}`))).status).toBe(400)
  })
})

describe('a session', () => {
  it('ends in every browser at logout, and only for a request of our own pages', async () => {
    const clients = [browser(), browser()]
    for (const client of clients) await logIn(client, 'rep.chen')
    const cookie = `qihui_staff=${clients[0]?.jar.get('qihui_staff')}`
    const post = (headers: Record<string, string>): Promise<Response> => fetch(`${product.serverUrl}/api/staff/logout`, { method: 'POST', headers: { cookie, ...headers } })
    expect((await post({})).status).toBe(403)
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect(await Promise.all(clients.map(statusOfSelf))).toEqual([200, 200])
    expect((await post({ origin: product.sandbox.url })).status).toBe(200)
    expect(await Promise.all(clients.map(statusOfSelf))).toEqual([401, 401])
  })

  it('ends after twelve hours', async () => {
    const client = browser()
    await logIn(client, 'rep.zhou')
    await product.sandbox.clock.advance(12 * 60 * 60_000 + 1000)
    expect(await product.anotherProcess().db.run({ name: 'test_live', text: "select 1 from staff_session where staff_user_id = 'rep.zhou' and expires_at > $1" }, [product.services.now()])).toEqual([])
  })
})
