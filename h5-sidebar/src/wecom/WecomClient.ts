import type { InjectionKey } from 'vue'
import type { WecomEntry } from './capabilitiesFor.ts'
import type { ClientPlatform } from './clientPlatform.ts'

/** A signature for `config` or `agentConfig`, made by our server. `timestamp` is in seconds. */
export interface WecomSignature {
  readonly timestamp: number
  readonly nonceStr: string
  readonly signature: string
}

/** Who the page registers as. `sign` gets the address the client will check, without the fragment. */
export interface WecomIdentity {
  readonly corpId: string
  readonly agentId: string
  sign(identity: 'corp' | 'agent', url: string): Promise<WecomSignature>
}

/** A mini-program card. `page` ends in `.html`, a query may follow; `imageUrl` is http(s). */
export interface MiniProgramCard {
  readonly appId: string
  readonly title: string
  readonly imageUrl: string
  readonly page: string
}

/** A link card. */
export interface LinkCard {
  readonly url: string
  readonly title: string
  readonly description: string
  readonly imageUrl: string
}

/** The WeCom client around the page. Every call rejects with `WecomError` and never waits for ever. */
export interface WecomClient {
  readonly platform: ClientPlatform
  /** Must be called before any other; does nothing outside WeCom. */
  register(identity: WecomIdentity): void
  entry(): Promise<WecomEntry>
  currentExternalUserId(): Promise<string>
  currentChatId(): Promise<string>
  sendMiniProgram(card: MiniProgramCard): Promise<void>
  sendLink(card: LinkCard): Promise<void>
  sendText(text: string): Promise<void>
  /** Opens the client's own page of a contact. */
  openProfile(externalUserId: string): Promise<void>
}

/** Where pages and stores find the client. */
export const wecomClientKey: InjectionKey<WecomClient> = Symbol('wecomClient')
