import type { WorldState } from '../world/state.ts'
import type { TokenKeeper } from './tokens.ts'

/** An answer the platform gives instead of success. The text is not contractual [0.1]. */
export class VendorError extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

/** One call as a handler sees it. */
export interface VendorCall {
  readonly state: WorldState
  readonly tokens: TokenKeeper
  readonly query: Readonly<Record<string, string>>
  /** Parsed JSON body; empty for GET and for broken JSON. */
  readonly body: Readonly<Record<string, unknown>>
  readonly ip: string
  /** Address of the sandbox as the caller may fetch pictures from it. */
  readonly publicUrl: string
}

export type VendorAnswer = Readonly<Record<string, unknown>> | { readonly image: Buffer }

/** One documented endpoint: a row of a vendor's table. */
export interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** What the call means, one line of Chinese, for the wire list. */
  readonly meaning: string
  /** Which token it wants in the query; `none` for the calls that make one or bring their own. */
  readonly token: 'access' | 'none'
  /** Default empty fields that a refusal still carries [0.1]. */
  readonly empty?: Readonly<Record<string, unknown>>
  /** Success carries no errcode: token and jscode2session of api.weixin.qq.com [12.14]. */
  readonly isBareOnSuccess?: boolean
  /** Belongs to 客户联系: 48002 when the app may not call it [4.1]. */
  readonly needsContactApi?: boolean
  /** Not counted against frequency limits, e.g. getuserinfo with a valid code [3.2]. */
  isExempt?(call: VendorCall): boolean
  /** What makes two calls one effect, for calls that change something outside: the ledger counts by it. */
  effectKey?(call: VendorCall): string
  handle(call: VendorCall): VendorAnswer | Promise<VendorAnswer>
}
