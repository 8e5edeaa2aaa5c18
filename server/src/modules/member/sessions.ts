import type { IdentifierNamespace } from '@qihui/shared/identity'
import type { MemberSelf } from '@qihui/shared/member'
import { LRUCache } from 'lru-cache'
import { bytesInSet } from '../../db/pool.ts'
import { newId } from '../../security/newId.ts'
import type { MemberActor } from '../../http/actor.ts'
import { hashToken, newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { touchActivity } from '../lifecycle/steps.ts'
import { findMemberSelf } from './queries.ts'
import { sessionIdentifiers, type SessionIdentity } from './sessionIdentifiers.ts'
import { insertMemberSession, selectMemberSessions } from './tables.ts'

/** A session of the mini-program lives as long as its launch is likely to: a day, then a new silent login. */
export const memberSessionTtlMs = 24 * 60 * 60 * 1000
/** How long a process may trust what it read; an ended session is refused everywhere within a minute (P6). */
const cacheTtlMs = 60_000
const cacheSize = 20_000

export interface OpenedSession {
  readonly sessionToken: string
  readonly expiresAt: string
  readonly isRecognised: boolean
  readonly member: MemberSelf | null
}

interface SessionRow {
  readonly session_id: string
  readonly namespace: IdentifierNamespace
  readonly open_id: string
  readonly union_id: string | null
  readonly external_user_id: string | null
  readonly expires_at: Date
}

/** Opens and recognises sessions of the mini-program and of the invite page. */
export interface MemberSessions {
  /** Silent login of the mini-program: exchanges the code, remembers openid and unionid, makes neither person nor member. */
  open(code: string): Promise<OpenedSession>
  /** The same for a login somebody else has finished, as on the invite page. */
  openFor(identity: SessionIdentity): Promise<OpenedSession>
  authenticate(token: string): Promise<MemberActor | null>
}

/** Sessions are opaque, stored as hashes, and kept in memory for a minute to spare a round trip on every call. */
export function createMemberSessions(services: Pick<Services, 'db' | 'now' | 'env' | 'cipher' | 'wechat' | 'tierRules'>): MemberSessions {
  const { db, now, env, wechat } = services
  const cache = new LRUCache<string, { readonly actor: MemberActor; readonly endsAt: Date }>({ max: cacheSize, ttl: cacheTtlMs })

  async function openFor({ namespace, openId, unionId, externalUserId }: SessionIdentity): Promise<OpenedSession> {
    const at = now()
    const sessionToken = newSessionToken()
    const actor: MemberActor = { kind: 'member', sessionId: newId(), namespace, openId, unionId, externalUserId }
    const expiresAt = new Date(at.getTime() + memberSessionTtlMs)
    const shown = sessionIdentifiers(env, actor)
    const values = [
      hashToken(sessionToken), actor.sessionId, namespace, openId, unionId, externalUserId, at, expiresAt,
      shown.map((each) => each.namespace), shown.map((each) => each.value),
    ]
    const [row] = await db.run<{ is_recognised: boolean; archived_member_id: string | null }>(insertMemberSession, values)
    cache.set(sessionToken, { actor, endsAt: expiresAt })
    const archivedId = row?.archived_member_id ?? null
    if (archivedId !== null) await db.transaction((tx) => touchActivity(tx, archivedId, at))
    const isRecognised = row?.is_recognised ?? false
    return { sessionToken, expiresAt: expiresAt.toISOString(), isRecognised, member: isRecognised ? await findMemberSelf(services, actor) : null }
  }

  return {
    openFor,
    async open(code) {
      const { openId, unionId } = await wechat.codeToSession(code)
      return openFor({ namespace: miniProgramNamespace(env), openId, unionId, externalUserId: null })
    },
    async authenticate(token) {
      const known = cache.get(token)
      if (known && known.endsAt > now()) return known.actor
      const [row] = await db.runInSet<SessionRow>(selectMemberSessions, { token_hash: bytesInSet(hashToken(token)), at: now() })
      if (row === undefined) return null
      const actor: MemberActor = { kind: 'member', sessionId: row.session_id, namespace: row.namespace, openId: row.open_id, unionId: row.union_id, externalUserId: row.external_user_id }
      cache.set(token, { actor, endsAt: row.expires_at })
      return actor
    },
  }
}
