import * as ww from '@wecom/jssdk'
import { clientPlatform } from './clientPlatform.ts'
import type { WecomClient, WecomIdentity, WecomSignature } from './WecomClient.ts'
import { WecomError, wecomErrorFrom } from './WecomError.ts'

/** Longest wait for the client, in milliseconds. Without a bridge the SDK itself waits for ever (platform 2.4). */
const answerTimeoutMs = 8_000
/** A send may ask the rep to confirm first. */
const sendTimeoutMs = 60_000
/** A refused configuration is not remembered by the SDK: each later call would sign again (platform 2.4). */
const maxRefusals = 2

const jsApiList = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage', 'openUserProfile']

/** Guards the signing: one request for each address, and none after the client has refused twice. */
function createSigner(identity: WecomIdentity) {
  const pending = new Map<string, Promise<WecomSignature>>()
  let refusals = 0
  return {
    refused: () => {
      refusals += 1
      pending.clear()
    },
    sign(kind: 'corp' | 'agent', url: string): Promise<WecomSignature> {
      if (refusals >= maxRefusals) return Promise.reject(new WecomError('signatureRefused', 'agentConfig'))
      const key = `${kind} ${url}`
      const known = pending.get(key)
      if (known) return known
      const fresh = identity.sign(kind, url)
      pending.set(key, fresh)
      fresh.catch(() => pending.delete(key))
      return fresh
    },
  }
}

/** `register` leaves a rejection of its own behind when the registration fails; every call after it reports the same. */
function silenceSdkRejections(target: Window): void {
  target.addEventListener('unhandledrejection', (event) => {
    const reason: unknown = event.reason
    if (isOurs(reason) || (typeof reason === 'object' && reason !== null && 'errMsg' in reason)) event.preventDefault()
  })
}

async function within<T>(api: string, timeoutMs: number, call: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new WecomError('timeout', api)), timeoutMs)
  })
  try {
    return await Promise.race([call(), timeout])
  } catch (reason) {
    throw isOurs(reason) ? reason : wecomErrorFrom(api, reason)
  } finally {
    clearTimeout(timer)
  }
}

/** Errors of the signing call come back through the SDK unchanged and must keep their own kind. */
function isOurs(reason: unknown): boolean {
  return reason instanceof Error && (reason.name === 'ApiProblem' || reason.name === 'WecomError')
}

/**
 * The real client over `@wecom/jssdk`. Both signatures are offered: clients from 3.0.24 use only the app's, older ones the corp's
 * first (platform 2.3).
 */
export function createWecomClient(target: Window = window): WecomClient {
  const platform = clientPlatform(target.navigator.userAgent, target.navigator.maxTouchPoints ?? 0)
  const ask = <T>(api: string, call: () => Promise<T>) =>
    ww.env.isWeCom ? within(api, answerTimeoutMs, call) : Promise.reject(new WecomError('noContext', api))
  const send = (call: () => Promise<unknown>) =>
    within('sendChatMessage', sendTimeoutMs, async () => {
      await call()
    })
  silenceSdkRejections(target)
  return {
    platform,
    register(identity) {
      if (!ww.env.isWeCom) return
      const signer = createSigner(identity)
      ww.register({
        corpId: identity.corpId,
        agentId: identity.agentId,
        jsApiList,
        getConfigSignature: (url) => signer.sign('corp', url),
        getAgentConfigSignature: (url) => signer.sign('agent', url),
        onConfigFail: signer.refused,
        onAgentConfigFail: signer.refused,
      })
    },
    entry: () => ask('getContext', async () => (await ww.getContext()).entry),
    currentExternalUserId: () => ask('getCurExternalContact', async () => (await ww.getCurExternalContact()).userId),
    currentChatId: () => ask('getCurExternalChat', async () => (await ww.getCurExternalChat()).chatId),
    sendMiniProgram: ({ appId, title, imageUrl, page }) =>
      send(() => ww.sendChatMessage({ msgtype: 'miniprogram', miniprogram: { appid: appId, title, imgUrl: imageUrl, page } })),
    sendLink: ({ url, title, description, imageUrl }) =>
      send(() => ww.sendChatMessage({ msgtype: 'news', news: { link: url, title, desc: description, imgUrl: imageUrl } })),
    sendText: (content) => send(() => ww.sendChatMessage({ msgtype: 'text', text: { content } })),
    openProfile: (userid) =>
      ask('openUserProfile', async () => {
        await ww.openUserProfile({ type: ww.OpenUserProfileType.external, userid })
      }),
  }
}
