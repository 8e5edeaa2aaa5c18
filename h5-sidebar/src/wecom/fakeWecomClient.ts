import type { WecomEntry } from './capabilitiesFor.ts'
import type { ClientPlatform } from './clientPlatform.ts'
import type { WecomClient } from './WecomClient.ts'
import type { WecomError } from './WecomError.ts'

interface FakeWecomSettings {
  platform?: ClientPlatform
  entry?: WecomEntry
  externalUserId?: string
  /** Calls that fail, by name of the client's method. */
  failures?: Partial<Record<Exclude<keyof WecomClient, 'platform' | 'register'>, WecomError>>
}

/** A client for unit tests: answers at once, remembers what was asked of it, and asks for a signature as the real one does. */
export function fakeWecomClient(settings: FakeWecomSettings = {}) {
  const calls: { name: string; value: unknown }[] = []
  let signed: Promise<unknown> = Promise.resolve()
  const failures = { ...settings.failures }
  const answer = async <T>(name: keyof typeof failures, value: unknown, result: T): Promise<T> => {
    calls.push({ name, value })
    await signed
    const failure = failures[name]
    if (failure) throw failure
    return result
  }
  const client: WecomClient = {
    platform: settings.platform ?? { isWecom: true, os: 'windows', version: '4.1.36' },
    register(identity) {
      calls.push({ name: 'register', value: { corpId: identity.corpId, agentId: identity.agentId } })
      signed = identity.sign('agent', location.href.split('#')[0] ?? '')
      signed.catch(() => undefined)
    },
    entry: () => answer('entry', null, settings.entry ?? 'single_chat_tools'),
    currentExternalUserId: () => answer('currentExternalUserId', null, settings.externalUserId ?? 'wmSIMcustomer01'),
    currentChatId: () => answer('currentChatId', null, 'wrSIMgroup01'),
    sendMiniProgram: (card) => answer('sendMiniProgram', card, undefined),
    sendLink: (card) => answer('sendLink', card, undefined),
    sendText: (text) => answer('sendText', text, undefined),
    openProfile: (externalUserId) => answer('openProfile', externalUserId, undefined),
  }
  return { client, calls, failures }
}
