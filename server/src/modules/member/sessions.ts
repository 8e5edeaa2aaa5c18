import type { MemberSelf } from '@qihui/shared/member'
import { LRUCache } from 'lru-cache'
import { newId } from '../../security/newId.ts'
import type { MemberActor } from '../../http/actor.ts'
import { hashToken, newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { miniProgramNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { findMemberSelf } from './queries.ts'
import { insertMemberSession, selectMemberSession } from './tables.ts'

/** A session of the mini-program lives as long as its launch is likely to: a day, then a new silent login. */
const sessionTtlMs = 24 * 60 * 60 * 1000
/** How long a process may trust what it read; an ended session is refused everywhere within a minute (P6). */
const cacheTtlMs = 60_000
const cacheSize = 20_000

export interface OpenedSession {
  readonly sessionToken: string
  readonly expiresAt: string
  readonly isRecognised: boolean
  readonly member: MemberSelf | null
}

/** Opens and recognises mini-program sessions. */
export interface MemberSessions {
  /** Silent login: exchanges the code, remembers openid and unionid, makes neither person nor member. */
  open(code: string): Promise<OpenedSession>
  authenticate(token: string): Promise<MemberActor | null>
}

/** Sessions are opaque, stored as hashes, and kept in memory for a minute to spare a round trip on every call. */
export function createMemberSessions(services: Pick<Services, 'db' | 'now' | 'env' | 'cipher' | 'wechat'>): MemberSessions {
  const { db, now, env, wechat } = services
  const cache = new LRUCache<string, MemberActor>({ max: cacheSize, ttl: cacheTtlMs })

  return {
    async open(code) {
      const identity = await wechat.codeToSession(code)
      const at = now()
      const sessionToken = newSessionToken()
      const actor: MemberActor = { kind: 'member', sessionId: newId(), ...identity }
      const expiresAt = new Date(at.getTime() + sessionTtlMs)
      const values = [hashToken(sessionToken), actor.sessionId, actor.openId, actor.unionId, at, expiresAt, miniProgramNamespace(env), unionIdNamespace(env)]
      const [row] = await db.run<{ is_recognised: boolean }>(insertMemberSession, values)
      cache.set(sessionToken, actor)
      const isRecognised = row?.is_recognised ?? false
      return { sessionToken, expiresAt: expiresAt.toISOString(), isRecognised, member: isRecognised ? await findMemberSelf(services, actor) : null }
    },
    async authenticate(token) {
      const known = cache.get(token)
      if (known) return known
      const [row] = await db.run<{ session_id: string; open_id: string; union_id: string | null }>(selectMemberSession, [hashToken(token), now()])
      if (row === undefined) return null
      const actor: MemberActor = { kind: 'member', sessionId: row.session_id, openId: row.open_id, unionId: row.union_id }
      cache.set(token, actor)
      return actor
    },
  }
}
