import type { SandboxClock } from '../types.ts'

/** wx.login, phone and authorise codes live 5 minutes [3.1, 8.1]. */
export const CODE_TTL_MS = 5 * 60_000
/** user_ticket lives 1800 s [3.2]. */
export const USER_TICKET_TTL_MS = 1_800_000
/** The welcome code dies 20 s after its event was pushed [4.5]. */
export const WELCOME_TTL_MS = 20_000

export type GrantKind = 'jsLogin' | 'phone' | 'corpOauth' | 'oaOauth' | 'userTicket' | 'welcome' | 'oaAccess' | 'oaRefresh'

/** Something handed out once to be changed for something else. */
export interface Grant {
  readonly kind: GrantKind
  readonly code: string
  readonly staffUserId: string | null
  readonly personId: string | null
  readonly scope: string
  readonly createdAt: number
  readonly expiresAt: number
  isUsed: boolean
}

export interface GrantSubject {
  readonly staffUserId?: string
  readonly personId?: string
  readonly scope?: string
}

export interface Grants {
  issue(kind: GrantKind, ttlMs: number, subject: GrantSubject): string
  /** The grant of that kind, also when used or expired; undefined when there never was one (or it was of another kind). */
  find(kind: GrantKind, code: string): Grant | undefined
  isExpired(grant: Grant): boolean
}

/** Prefixes keep the kinds apart for a reader; their shape is not part of any contract. */
const PREFIX: Readonly<Record<GrantKind, string>> = {
  jsLogin: '0', phone: 'pc', corpOauth: 'cc', oaOauth: '0a', userTicket: 'ut', welcome: 'wc', oaAccess: 'oat', oaRefresh: 'oar',
}
/** Codes the platform remembers; the oldest fall out. */
const MAX_GRANTS = 20_000

export function createGrants(clock: SandboxClock, nextId: (purpose: string, length: number) => string): Grants {
  const grants = new Map<string, Grant>()
  return {
    issue(kind, ttlMs, subject) {
      const code = `${PREFIX[kind]}${nextId(kind, 30)}`
      const createdAt = clock.now()
      grants.set(code, {
        kind, code, createdAt, expiresAt: createdAt + ttlMs, isUsed: false,
        staffUserId: subject.staffUserId ?? null, personId: subject.personId ?? null, scope: subject.scope ?? '',
      })
      if (grants.size > MAX_GRANTS) grants.delete(grants.keys().next().value as string)
      return code
    },
    find(kind, code) {
      const grant = grants.get(code)
      return grant?.kind === kind ? grant : undefined
    },
    isExpired: (grant) => clock.now() > grant.expiresAt,
  }
}
