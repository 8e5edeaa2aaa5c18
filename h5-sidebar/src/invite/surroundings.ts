import type { InjectionKey } from 'vue'
import type { WechatSignature } from '../api/inviteApi.ts'

/** What the invite page needs of the browser it runs in; tests pass their own. */
export interface Surroundings {
  /** Token of the address. */
  readonly token: string
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  now(): number
  newId(): string
  /** The page's address without the fragment. */
  pageUrl(): string
  go(address: string): void
  /** Copies a text. False when the browser did not let us. */
  copy(text: string): Promise<boolean>
  /** Lets WeChat draw its open tag. False when it will not. */
  configureWechat(signature: WechatSignature): Promise<boolean>
}

/** Where pages and stores find their surroundings. */
export const surroundingsKey: InjectionKey<Surroundings> = Symbol('surroundings')
