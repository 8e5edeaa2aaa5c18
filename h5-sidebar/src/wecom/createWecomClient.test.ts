import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WecomClient } from './WecomClient.ts'

type Answer = Record<string, unknown>
type Invoke = (name: string, params: Answer, answer: (result: Answer) => void) => void

const wecomAgent = 'Mozilla/5.0 (Windows NT 10.0) Chrome/107 wxwork/4.1.36 MicroMessenger/7.0.1'
const signature = { timestamp: 1_700_000_000, nonceStr: 'nonce', signature: 'good' }

const events = { target: new EventTarget(), silenced: [] as unknown[], reported: [] as unknown[] }

/** What a browser does with a rejection nobody handled, and happy-dom does not: ask the page whether to report it. */
function dispatchRejection(reason: unknown): void {
  const event = Object.assign(new Event('unhandledrejection', { cancelable: true }), { reason })
  events.target.dispatchEvent(event)
  ;(event.defaultPrevented ? events.silenced : events.reported).push(reason)
}

/** The SDK reads user agent and bridge when it is loaded, so each test loads it anew. */
async function load(userAgent: string, invoke: Invoke | null) {
  vi.resetModules()
  vi.stubGlobal('navigator', { userAgent, platform: 'Win32', maxTouchPoints: 0 })
  if (invoke) Object.assign(window, { WeixinJSBridge: { invoke, on: () => undefined } })
  const { createWecomClient } = await import('./createWecomClient.ts')
  events.target = new EventTarget()
  const addEventListener = events.target.addEventListener.bind(events.target)
  return createWecomClient({ navigator, addEventListener } as unknown as Window)
}

function register(client: WecomClient, sign = vi.fn(async () => signature)) {
  client.register({ corpId: 'ww5a1d0c3f7e9b2468', agentId: '1000002', sign })
  return sign
}

describe('createWecomClient', () => {
  let reporters: NodeJS.UnhandledRejectionListener[] = []

  beforeEach(() => {
    events.silenced = []
    events.reported = []
    reporters = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', dispatchRejection)
  })
  afterEach(() => {
    process.removeAllListeners('unhandledRejection')
    for (const reporter of reporters) process.on('unhandledRejection', reporter)
    vi.useRealTimers()
    vi.unstubAllGlobals()
    Reflect.deleteProperty(window, 'WeixinJSBridge')
  })

  it('registers with the app identity and names the calls it needs', async () => {
    const calls: [string, Answer][] = []
    const client = await load(wecomAgent, (name, params, answer) => {
      calls.push([name, params])
      answer({ err_msg: `${name}:ok`, entry: 'single_chat_tools' })
    })
    const sign = register(client)
    expect(await client.entry()).toBe('single_chat_tools')
    expect(sign).toHaveBeenCalledTimes(1)
    expect(sign).toHaveBeenCalledWith('agent', location.href.split('#')[0])
    const [name, params] = calls[0] ?? []
    expect(name).toBe('agentConfig')
    expect(params).toMatchObject({ corpid: 'ww5a1d0c3f7e9b2468', agentid: '1000002', timestamp: '1700000000', signature: 'good' })
    expect(params?.['jsApiList']).toContain('sendChatMessage')
  })

  it('sends a mini-program card with the parameters of the client', async () => {
    const calls: [string, Answer][] = []
    const client = await load(wecomAgent, (name, params, answer) => {
      calls.push([name, params])
      answer({ err_msg: `${name}:ok` })
    })
    register(client)
    await client.sendMiniProgram({ appId: 'wx1', title: '邀请', imageUrl: 'https://a.example/i.png', page: 'pages/landing/index.html?scene=a' })
    const sent = calls.find(([name]) => name === 'sendChatMessage')?.[1]
    expect(sent).toMatchObject({
      msgtype: 'miniprogram',
      miniprogram: { appid: 'wx1', title: '邀请', imgUrl: 'https://a.example/i.png', page: 'pages/landing/index.html?scene=a' },
    })
  })

  it('says that the signature was refused, and stops signing after two refusals', async () => {
    const client = await load(wecomAgent, (name, _params, answer) => answer({ err_msg: `${name}:fail_invalid signature` }))
    const sign = register(client)
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await expect(client.entry()).rejects.toMatchObject({ name: 'WecomError', kind: 'signatureRefused' })
    }
    expect(sign).toHaveBeenCalledTimes(2)
    // The SDK's own copy of the rejection, which nobody can catch, is not reported a second time.
    await vi.waitFor(() => expect(events.silenced).toHaveLength(1))
    expect(events.reported).toEqual([])
  })

  const refusals: [string, string][] = [
    ['getCurExternalContact:fail_no permission', 'noPermission'],
    ['getCurExternalContact:fail without context of external contact', 'noContext'],
    ['getCurExternalContact:cancel', 'cancelled'],
    ['getCurExternalContact:fail something new', 'failed'],
  ]
  it.each(refusals)('reads %s as %s', async (errMsg, kind) => {
    const client = await load(wecomAgent, (name, _params, answer) => answer({ errMsg: name === 'agentConfig' ? 'agentConfig:ok' : errMsg }))
    register(client)
    await expect(client.currentExternalUserId()).rejects.toMatchObject({ kind, clientMessage: errMsg })
  })

  it('gives up after 8 seconds when the client never answers', async () => {
    vi.useFakeTimers()
    const client = await load(wecomAgent, () => undefined)
    register(client)
    const outcome = expect(client.entry()).rejects.toMatchObject({ kind: 'timeout' })
    await vi.advanceTimersByTimeAsync(8_000)
    await outcome
  })

  it('hands the error of the signing call through unchanged', async () => {
    const { ApiProblem } = await import('../api/ApiProblem.ts')
    const client = await load(wecomAgent, (name, _params, answer) => answer({ err_msg: `${name}:ok` }))
    const problem = new ApiProblem({ kind: 'refused', status: 401, code: 'session.expired' })
    register(client, vi.fn(() => Promise.reject(problem)))
    await expect(client.entry()).rejects.toBe(problem)
    await vi.waitFor(() => expect(events.silenced).toEqual([problem]))
  })

  it('does not wait outside WeCom', async () => {
    const client = await load('Mozilla/5.0 Chrome/120', null)
    const sign = register(client)
    expect(client.platform.isWecom).toBe(false)
    await expect(client.entry()).rejects.toMatchObject({ kind: 'noContext' })
    expect(sign).not.toHaveBeenCalled()
  })
})
