import type { WorldState } from '../world/state.ts'

/** Whose token: the WeCom app, or a WeChat appid through `/cgi-bin/token` or `/cgi-bin/stable_token`, which are isolated [1.2]. */
export type TokenKind = 'corp' | `plain:${string}` | `stable:${string}`

/** Every token lives 7200 s [1.1, 1.2]. */
export const TOKEN_TTL_MS = 7_200_000

export interface TokenRecord {
  readonly value: string
  readonly kind: TokenKind
  expiresAt: number
  isDead: boolean
}

export interface TokenKeeper {
  /** The newest live token of the kind. */
  current(kind: TokenKind): { value: string; expiresAt: number } | undefined
  issue(kind: TokenKind): { value: string; expiresAt: number }
  /** Ends the older tokens of a kind after `overlapMs`. */
  retireOlder(kind: TokenKind, overlapMs: number): void
  find(value: string): { kind: TokenKind; verdict: 'live' | 'expired' | 'dead' } | undefined
  /** The platform voids tokens before their time [1.1]. Without a vendor: all. */
  kill(vendor?: 'wecom' | 'wechat'): void
  /** Tokens that may still matter, for the state file. */
  records(): TokenRecord[]
  restore(records: readonly TokenRecord[]): void
}

export function createTokenKeeper(state: WorldState): TokenKeeper {
  const tokens = new Map<string, TokenRecord>()
  const current = (kind: TokenKind): TokenRecord | undefined =>
    [...tokens.values()].reverse().find((token) => token.kind === kind && !token.isDead && token.expiresAt > state.clock.now())
  return {
    current,
    issue(kind) {
      const token: TokenRecord = { value: state.nextId(`token:${kind}`, 64), kind, expiresAt: state.clock.now() + TOKEN_TTL_MS, isDead: false }
      tokens.set(token.value, token)
      return token
    },
    retireOlder(kind, overlapMs) {
      const newest = current(kind)
      for (const token of tokens.values()) {
        if (token.kind === kind && token !== newest) token.expiresAt = Math.min(token.expiresAt, state.clock.now() + overlapMs)
      }
    },
    find(value) {
      const token = tokens.get(value)
      if (!token) return undefined
      if (token.isDead) return { kind: token.kind, verdict: 'dead' }
      return { kind: token.kind, verdict: token.expiresAt > state.clock.now() ? 'live' : 'expired' }
    },
    kill(vendor) {
      for (const token of tokens.values()) {
        const isWecom = token.kind === 'corp'
        if (vendor === undefined || (vendor === 'wecom') === isWecom) token.isDead = true
      }
    },
    records: () => [...tokens.values()].filter((token) => token.expiresAt > state.clock.now()),
    restore(records) {
      for (const record of records) tokens.set(record.value, { ...record })
    },
  }
}
