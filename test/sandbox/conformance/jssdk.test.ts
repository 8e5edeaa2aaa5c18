import { getJsApiSignature } from '@wecom/crypto'
import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'
import type { JssdkCheck } from '../types.ts'

const client = useSandbox()

async function ticketOf(identity: 'corp' | 'agent'): Promise<string> {
  const answer = identity === 'corp' ? client.corp('/cgi-bin/get_jsapi_ticket') : client.corp('/cgi-bin/ticket/get', { type: 'agent_config' })
  return String((await answer)['ticket'])
}

/** A page signed with a ticket, as the server of the product does it. */
function sign(identity: 'corp' | 'agent', ticket: string, change: Partial<JssdkCheck> = {}): JssdkCheck {
  const url = `${client.sandbox.url}/sidebar/?from=chat`
  const signed = getJsApiSignature({ ticket, url, nonceStr: 'n0nce', timestamp: 1_767_232_800 })
  return {
    identity, corpId: credentials.corpId, agentId: identity === 'agent' ? credentials.agentId : null, timestamp: String(signed.timestamp),
    nonceStr: signed.nonceStr, signature: signed.signature, url, ...change,
  }
}

describe('§2.1 tickets', () => {
  it.each([['corp', '/cgi-bin/get_jsapi_ticket', {}], ['agent', '/cgi-bin/ticket/get', { type: 'agent_config' }]] as const)(
    '§2.1 gives the %s ticket of at most 512 bytes for 7200 s',
    async (_identity, path, query) => {
      const answer = await client.corp(path, query)
      expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 })
      expect(String(answer['ticket']).length).toBeLessThanOrEqual(512)
    },
  )

  it('§2.1 gives two different tickets to the two identities', async () => {
    expect(await ticketOf('corp')).not.toBe(await ticketOf('agent'))
  })

  it('§2.1 answers 91040 to a wrong ticket type', async () => {
    expect(await client.corp('/cgi-bin/ticket/get', { type: 'jsapi' })).toMatchObject({ errcode: 91040 })
  })

  it('§2.1 allows 100 ticket calls an hour', async () => {
    await client.sandbox.clock.advance(3_600_000)
    const token = await client.corpToken()
    const codes = []
    for (let count = 0; count < 101; count += 1) {
      codes.push((await client.corp('/cgi-bin/get_jsapi_ticket', { access_token: token }))['errcode'])
    }
    expect(codes.filter((code) => code === 0)).toHaveLength(100)
    expect(codes.at(-1)).toBe(45009)
    await client.sandbox.clock.advance(3_600_000)
  })
})

describe('§2.2 signature', () => {
  it.each([
    ['J1', 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg', 'Wm3WZYTPz0wzccnW', 1414587457,
      'http://mp.weixin.qq.com?params=value', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
    ['J1b', 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg', 'Wm3WZYTPz0wzccnW', 1414587457,
      'http://mp.weixin.qq.com', 'f4d90daf4b3bca3078ab155816175ba34c443a7b'],
    ['J2', 'bxLdikRXVbTPdHSM05e5u4RbEYQn7pNQMPrfzl8lJNb1foLDa3HIwI3BRMkQmSO_5F64VFa75uURcq6Uz7QHgA', '82693e11-b9bc-448e-892f-f5289f46cd0f',
      1419835025, 'http://omstest.vmall.com:23568/thirdparty/wechat/vcode/gotoshare?quantity=1&batchName=MATE7',
      'c6f04b64d6351d197b71bd23fb7dd2d44c0db486'],
  ])('§2.2 signs vector %s', (_name, ticket, nonceStr, timestamp, url, signature) => {
    expect(getJsApiSignature({ ticket, nonceStr, timestamp, url }).signature).toBe(signature)
  })

  it.each(['corp', 'agent'] as const)('§2.2 accepts a right signature of the %s identity', async (identity) => {
    const verdict = client.sandbox.world.checkJssdk(sign(identity, await ticketOf(identity)))
    expect(verdict.isAccepted).toBe(true)
    expect(verdict.errMsg).toMatch(/:ok$/)
  })

  it.each([
    ['40093 a page that differs in its query', { url: 'URL/sidebar/' }, '(40093)'],
    ['40093 a signature of something else', { signature: '0'.repeat(40) }, '(40093)'],
    ['80001 a page outside the trusted domains', { url: 'https://elsewhere.example/' }, '(80001)'],
    ['92002 another corp', { corpId: 'ww0123456789abcdef' }, '(92002)'],
    ['301002 another agent', { agentId: '1000099' }, '(301002)'],
    ['40063 an empty parameter', { nonceStr: '' }, '(40063)'],
  ])('§2.2 refuses %s', async (_name, change, text) => {
    const url = 'url' in change ? { url: String(change.url).replace('URL', client.sandbox.url) } : {}
    const verdict = client.sandbox.world.checkJssdk(sign('agent', await ticketOf('agent'), { ...change, ...url }))
    expect(verdict).toMatchObject({ isAccepted: false, errMsg: expect.stringContaining(text) })
    expect(verdict.errMsg).toMatch(/^agentConfig:fail /)
  })

  it('§2.2 refuses a timestamp in milliseconds (40093)', async () => {
    const ticket = await ticketOf('agent')
    const check = sign('agent', ticket)
    const signed = getJsApiSignature({ ticket, url: check.url, nonceStr: 'n0nce', timestamp: '1767232800000' })
    const verdict = client.sandbox.world.checkJssdk({ ...check, timestamp: '1767232800000', signature: signed.signature })
    expect(verdict).toMatchObject({ isAccepted: false, errMsg: expect.stringContaining('(40093)') })
  })

  it('§12.9 refuses agentConfig signed with the corp ticket (42012)', async () => {
    const verdict = client.sandbox.world.checkJssdk(sign('agent', await ticketOf('corp')))
    expect(verdict).toMatchObject({ isAccepted: false, errMsg: expect.stringContaining('(42012)') })
  })

  it('§2.2 refuses a ticket that is older than 7200 s (40093)', async () => {
    const check = sign('agent', await ticketOf('agent'))
    await client.sandbox.clock.advance(7_200_000)
    expect(client.sandbox.world.checkJssdk(check)).toMatchObject({ isAccepted: false, errMsg: expect.stringContaining('(40093)') })
  })
})
