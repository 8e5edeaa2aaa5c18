import { afterEach, describe, expect, it } from 'vitest'
import { callsOf, startProduct, type Product } from './startProduct.ts'

const gettoken = '/cgi-bin/gettoken'
const followList = '/cgi-bin/externalcontact/get_follow_user_list'
let product: Product

afterEach(() => product.close())

async function codeOf(work: () => Promise<unknown>): Promise<{ code: string; detail: string }> {
  try {
    await work()
  } catch (error) {
    const { code, detail } = error as { code?: string; detail?: string }
    return { code: code ?? String(error), detail: detail ?? '' }
  }
  return { code: 'ok', detail: '' }
}

const inParallel = (count: number, work: (index: number) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, (_unused, index) => work(index)))

describe('the token keeper', () => {
  it('fetches once for 200 calls at once, spread over two processes', async () => {
    product = await startProduct()
    const edges = [product.services.wecom, product.anotherProcess().wecom]
    await inParallel(200, (index) => (edges[index % 2] ?? product.services.wecom).listFollowStaff())
    expect(callsOf(product, gettoken)).toBe(1)
  })

  it.each([40014, 42001] as const)('refreshes once when the token dies early (%i) under 200 calls of two processes', async (deadCorpToken) => {
    product = await startProduct()
    product.sandbox.settings.switches.deadCorpToken = deadCorpToken
    const edges = [product.services.wecom, product.anotherProcess().wecom]
    await inParallel(2, (index) => (edges[index] ?? product.services.wecom).listFollowStaff())
    product.sandbox.killToken('wecom')
    const before = callsOf(product, gettoken)
    const answers = await inParallel(200, (index) => (edges[index % 2] ?? product.services.wecom).listFollowStaff())
    expect(answers.every((answer) => Array.isArray(answer) && answer.length > 0)).toBe(true)
    expect(callsOf(product, gettoken) - before).toBe(1)
  })

  it('fetches anew before the token ends, not after', async () => {
    product = await startProduct()
    await product.services.wecom.listFollowStaff()
    await product.sandbox.clock.advance(6_899_000)
    await product.services.wecom.listFollowStaff()
    expect(callsOf(product, gettoken)).toBe(1)
    await product.sandbox.clock.advance(2_000)
    await product.services.wecom.listFollowStaff()
    expect(callsOf(product, gettoken)).toBe(2)
  })

  it('asks once with a wrong secret, then not again for an hour, and says which setting to change', async () => {
    product = await startProduct({ settings: { WECOM_AGENT_SECRET: 'not-the-secret-of-this-app-0123456789' } })
    const { wecom } = product.services
    const first = await codeOf(() => wecom.listFollowStaff())
    expect(first.code).toBe('vendor.configuration')
    expect(first.detail).toContain('WECOM_AGENT_SECRET')
    await inParallel(20, () => codeOf(() => wecom.listFollowStaff()))
    await codeOf(() => product.anotherProcess().wecom.listFollowStaff())
    expect(callsOf(product, gettoken)).toBe(1)
    expect(product.logLines.filter((line) => line.includes('vendorSecretRefused'))).toHaveLength(1)
    await product.sandbox.clock.advance(60 * 60_000 + 1000)
    await codeOf(() => wecom.listFollowStaff())
    expect(callsOf(product, gettoken)).toBe(2)
  })

  it('recovers from a stable token that dies early with one retry and at most one forced refresh', async () => {
    product = await startProduct()
    const makeLink = (token: string) => product.services.wechat.makeUrlLink('pages/landing/index', `token=${token}`)
    await makeLink('a')
    product.sandbox.killToken('wechat')
    expect((await makeLink('b')).url).toMatch(/^https?:\/\//)
    expect(callsOf(product, '/wxa/generate_urllink')).toBe(3)
    const fetches = callsOf(product, '/cgi-bin/stable_token')
    expect(fetches).toBeGreaterThanOrEqual(2)
    expect(fetches).toBeLessThanOrEqual(3)
    await makeLink('c')
    expect(callsOf(product, '/cgi-bin/stable_token')).toBe(fetches)
  })

  it('shares tickets between processes: one fetch of each kind for 100 signatures', async () => {
    product = await startProduct()
    const edges = [product.services.wecom, product.anotherProcess().wecom]
    await inParallel(100, (index) => (edges[index % 2] ?? product.services.wecom).getAgentTicket())
    await inParallel(100, (index) => (edges[index % 2] ?? product.services.wecom).getCorpTicket())
    expect(callsOf(product, '/cgi-bin/ticket/get')).toBe(1)
    expect(callsOf(product, '/cgi-bin/get_jsapi_ticket')).toBe(1)
  })

  it('keeps no token readable in the database', async () => {
    product = await startProduct()
    await product.services.wecom.getAgentTicket()
    const stored = await product.rows<{ value_sealed: Buffer }>('select value_sealed from vendor_credential')
    const { ticket } = await product.services.wecom.getAgentTicket()
    expect(stored).toHaveLength(2)
    expect(stored.some((row) => row.value_sealed.includes(ticket))).toBe(false)
  })
})

describe('the edges', () => {
  it('names the IP to add when the caller is not trusted (60020, 40164)', async () => {
    product = await startProduct()
    product.sandbox.settings.trustedIps = ['203.0.113.1']
    product.sandbox.settings.wechatTrustedIps = ['203.0.113.1']
    const wecom = await codeOf(() => product.services.wecom.listFollowStaff())
    const wechat = await codeOf(() => product.services.wechat.makeUrlLink('pages/landing/index', 'token=a'))
    expect([wecom.code, wechat.code]).toEqual(['vendor.configuration', 'vendor.configuration'])
    expect(wecom.detail).toMatch(/企业可信IP.*127\.0\.0\.1/)
    expect(wechat.detail).toMatch(/白名单.*127\.0\.0\.1/)
  })

  it('holds a path back for the window of a frequency refusal, and tries again after it', async () => {
    product = await startProduct()
    const { wecom } = product.services
    product.sandbox.settings.frequency.set(followList, { limit: 1, windowMs: 60_000, errcode: 45009 })
    await wecom.listFollowStaff()
    const before = callsOf(product, followList)
    expect((await codeOf(() => wecom.listFollowStaff())).code).toBe('vendor.unavailable')
    for (let call = 0; call < 20; call += 1) await codeOf(() => wecom.listFollowStaff())
    expect(callsOf(product, followList) - before).toBe(1)
    product.sandbox.settings.frequency.delete(followList)
    await product.sandbox.clock.advance(61_000)
    expect((await codeOf(() => wecom.listFollowStaff())).code).toBe('ok')
  })

  it.each(['html', 'http5xx', 'halfOpen', 'drop'] as const)('takes an answer that is none (%s) for a vendor out of reach', async (kind) => {
    product = await startProduct()
    await product.services.wecom.listFollowStaff()
    product.sandbox.faults.start({ seed: 1, vendor: [{ kind, probability: 1, times: 1 }] })
    expect((await codeOf(() => product.services.wecom.listFollowStaff())).code).toBe('vendor.unavailable')
    expect((await codeOf(() => product.services.wecom.listFollowStaff())).code).toBe('ok')
  })

  it('spares a vendor that keeps failing: after five failures it is not asked for ten seconds', async () => {
    product = await startProduct()
    await product.services.wecom.listFollowStaff()
    product.sandbox.faults.start({ seed: 1, vendor: [{ kind: 'http5xx', probability: 1 }] })
    for (let call = 0; call < 5; call += 1) await codeOf(() => product.services.wecom.listFollowStaff())
    const before = callsOf(product, followList)
    await codeOf(() => product.services.wecom.listFollowStaff())
    expect(callsOf(product, followList)).toBe(before)
    product.sandbox.faults.stop()
    await product.sandbox.clock.advance(10_001)
    expect((await codeOf(() => product.services.wecom.listFollowStaff())).code).toBe('ok')
  })

  it('never writes a token, code or secret into the log', async () => {
    product = await startProduct()
    await codeOf(() => product.services.wechat.codeToSession('code-that-must-not-be-logged'))
    await codeOf(() => product.services.wecom.getStaffByCode('code-that-must-not-be-logged'))
    const text = product.logLines.join('\n')
    expect(text).not.toContain('must-not-be-logged')
    expect(text).not.toContain('access_token')
  })
})
