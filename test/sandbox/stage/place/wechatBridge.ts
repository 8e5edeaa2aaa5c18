import { allowLaunchTags, launchTagName } from './launchTag.ts'
import { tellStage } from './placeMessage.ts'

type Parameters = Readonly<Record<string, unknown>>
type Callback = (answer: Readonly<Record<string, unknown>>) => void

/** The bridge appears a little after the page starts, as in the client. */
const bridgeDelayMs = 50
/** Calls that change something of the client the stage does not draw, and the one the SDK makes for its own statistics. */
const silentCalls = new Set(['updateAppMessageShareData', 'updateTimelineShareData', 'hideMenuItems', 'showMenuItems', 'hideOptionMenu', 'showOptionMenu', 'getNetworkType'])

let isConfigured = false

async function verify(parameters: Parameters): Promise<string> {
  const body = {
    appId: parameters['verifyAppId'], timestamp: parameters['verifyTimestamp'], nonceStr: parameters['verifyNonceStr'],
    signature: parameters['verifySignature'], url: location.href.split('#')[0] ?? '',
  }
  const response = await fetch('/_sandbox/wechat-jssdk/check', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = (await response.json()) as { isAccepted?: boolean; errMsg?: string; message?: string }
  if (answer.isAccepted !== true) return `fail,${answer.errMsg ?? answer.message ?? ''}`
  isConfigured = true
  const tags = parameters['verifyOpenTagList']
  if (Array.isArray(tags) && tags.includes(launchTagName)) allowLaunchTags()
  return 'ok'
}

async function run(name: string, parameters: Parameters): Promise<string> {
  if (name === 'preVerifyJSAPI') return verify(parameters)
  if (name === 'closeWindow') {
    tellStage({ type: 'close' })
    return 'ok'
  }
  if (!silentCalls.has(name)) {
    console.error(`沙盒的微信没有实现 JSSDK 接口 ${name}`)
    return 'function_not_exist'
  }
  return isConfigured ? 'ok' : 'permission denied'
}

/** `WeixinJSBridge` of WeChat's web view: checks the signature of the page and lets its open tags be drawn [9]. */
export function startWechatBridge(): void {
  const bridge = {
    invoke(name: string, parameters: Parameters, callback?: Callback): void {
      run(name, parameters ?? {}).then(
        (result) => callback?.({ err_msg: `${name}:${result}` }),
        (error: unknown) => callback?.({ err_msg: `${name}:fail,${error instanceof Error ? error.message : String(error)}` }),
      )
    },
    on: () => undefined,
  }
  setTimeout(() => {
    Object.defineProperty(window, 'WeixinJSBridge', { value: bridge })
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }, bridgeDelayMs)
}
