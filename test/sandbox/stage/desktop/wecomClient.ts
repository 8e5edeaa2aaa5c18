import type { DesktopContext, DesktopHost } from './context.ts'
import { sendChatMessage } from './sendChatMessage.ts'

type Parameters = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, unknown>>
type Callback = (answer: Answer) => void

/** Version the client claims; `wxwork/x.y.z` in the user agent is what the SDK looks for [2.3]. */
const userAgent = 'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36 wxwork/4.1.36 (MicroMessenger/6.2) WindowsWechat'
/** The bridge appears a little after the page starts, as in the client. */
const bridgeDelayMs = 50

const meanings: Readonly<Record<string, string>> = {
  getContext: '侧边栏询问：从哪里打开的',
  getCurExternalContact: '侧边栏询问：当前聊天的客户是谁',
  getCurExternalChat: '侧边栏询问：当前的客户群',
  sendChatMessage: '侧边栏把一条消息发进聊天',
  openUserProfile: '侧边栏打开客户资料页',
}

/** What a page outside of the stage gets: opened from the workbench, by whoever is logged in. */
const alone: DesktopHost = {
  context: () => ({ entry: 'normal', staffUserId: '', hasContactRight: false, personId: null, externalUserId: null, chatId: null }),
  messageSent: () => undefined,
  closeSidebar: () => undefined,
  openProfile: () => undefined,
}

function host(): DesktopHost {
  return (parent as Window & { desktopHost?: DesktopHost }).desktopHost ?? alone
}

async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`/_sandbox${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = (await response.json()) as Answer
  if (!response.ok) throw new Error(String(answer['message']))
  return answer
}

function pageAddress(): string {
  return location.href.split('#')[0] ?? ''
}

/** The client remembers for which address the page proved who it is. */
let provenAddress: string | null = null

async function checkSignature(identity: 'corp' | 'agent', parameters: Parameters): Promise<string | null> {
  const isAgent = identity === 'agent'
  const claim = isAgent
    ? { corpId: parameters['corpid'], agentId: parameters['agentid'], timestamp: parameters['timestamp'], nonceStr: parameters['nonceStr'], signature: parameters['signature'] }
    : { corpId: parameters['appId'], agentId: null, timestamp: parameters['verifyTimestamp'], nonceStr: parameters['verifyNonceStr'], signature: parameters['verifySignature'] }
  const result = await post('/jssdk/check', { identity, ...claim, url: pageAddress() })
  if (result['isAccepted'] !== true) return String(result['errMsg'])
  provenAddress = pageAddress()
  return null
}

type Call = (parameters: Parameters, context: DesktopContext) => Promise<Answer | string> | Answer | string

/** Calls that need a proven page; a string is the client's reason for refusing. */
const calls: Readonly<Record<string, Call>> = {
  getContext: (_, { entry }) => ({ entry }),
  getCurExternalContact(_, { entry, externalUserId, hasContactRight }) {
    if (!hasContactRight) return 'no permission'
    if (entry !== 'single_chat_tools' || externalUserId === null) return 'without context of external contact'
    return { userId: externalUserId }
  },
  getCurExternalChat: (_, { entry, chatId }) => (entry === 'group_chat_tools' && chatId !== null ? { chatId } : 'without context of external chat'),
  async sendChatMessage(parameters, context) {
    const refusal = await sendChatMessage(parameters, context, post)
    if (refusal === null) host().messageSent()
    return refusal ?? {}
  },
  openUserProfile(parameters) {
    host().openProfile(String(parameters['userid']))
    return {}
  },
  closeWindow() {
    host().closeSidebar()
    return {}
  },
  checkJsApi(parameters) {
    const names = Array.isArray(parameters['jsApiList']) ? (parameters['jsApiList'] as string[]) : []
    return { checkResult: Object.fromEntries(names.map((name) => [name, name in calls])) }
  },
}

async function run(name: string, parameters: Parameters): Promise<Answer> {
  if (name === 'agentConfig' || name === 'preVerifyJSAPI') {
    const refusal = await checkSignature(name === 'agentConfig' ? 'agent' : 'corp', parameters)
    return { err_msg: refusal ?? `${name}:ok` }
  }
  const call = calls[name]
  if (call === undefined) {
    console.error(`沙盒客户端没有实现 JSSDK 接口 ${name}`)
    return { err_msg: `${name}:fail function not exist` }
  }
  const result = provenAddress === pageAddress() ? await call(parameters, host().context()) : 'no permission'
  const isOk = typeof result !== 'string'
  if (name in meanings) void post('/jssdk/called', { name, meaning: meanings[name], isOk })
  return isOk ? { err_msg: `${name}:ok`, ...result } : { err_msg: `${name}:fail ${result}` }
}

const bridge = {
  invoke(name: string, parameters: Parameters, callback?: Callback): void {
    run(name, parameters ?? {}).then(
      (answer) => callback?.(answer),
      (error: unknown) => callback?.({ err_msg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` }),
    )
  },
  on: () => undefined,
}

Object.defineProperty(navigator, 'userAgent', { get: () => userAgent })
setTimeout(() => {
  Object.defineProperty(window, 'WeixinJSBridge', { value: bridge })
  document.dispatchEvent(new Event('WeixinJSBridgeReady'))
}, bridgeDelayMs)
