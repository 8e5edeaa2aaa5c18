import { LRUCache } from 'lru-cache'
import type { StaffActor } from '../../http/actor.ts'
import { hashToken, newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import type { LoginRecord } from './oauthStates.ts'
import { readActor, type LoggedInStaff } from './readActor.ts'
import { insertStaffSession, revokeStaffSessions } from './tables.ts'

/** A working day; then WeCom is asked again, without a word from the person. */
export const staffSessionTtlMs = 12 * 60 * 60 * 1000
/** How long a process trusts what it read: an ended session is refused everywhere within seconds (P6 allows 60). */
const cacheTtlMs = 5_000
const cacheSize = 10_000

/** Who logs in, as WeCom has just named them. */
export interface StaffLogin {
  readonly staffUserId: string
  readonly name: string
  readonly departmentIds: readonly number[]
}

/** What a login writes beside the session: the state it answers, so that a double redirect finds the same session. */
export interface StaffLoginRecord extends LoginRecord {
  /** Token of the session this browser had before, which ends now. */
  readonly previousToken: string | undefined
}

/** Sessions of employees: opaque, stored as hashes, revocable. */
export interface StaffSessions {
  /** Opens a session for somebody WeCom has just named. @returns the token for the cookie. */
  open(profile: StaffLogin, record: StaffLoginRecord): Promise<string>
  /** Null when the token opens no live session of somebody the app may see. */
  authenticate(token: string): Promise<StaffActor | null>
  /** Reads the rights of everybody again at their next request to this process; other processes follow within seconds. */
  forgetRights(): void
  /** Ends all sessions of one employee, in every browser. */
  closeAll(staffUserId: string): Promise<void>
}

export function createStaffSessions({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>): StaffSessions {
  const cache = new LRUCache<string, LoggedInStaff>({ max: cacheSize, ttl: cacheTtlMs })
  return {
    async open(profile, record) {
      const at = now()
      const token = newSessionToken()
      const previous = record.previousToken === undefined ? null : hashToken(record.previousToken)
      await db.run(insertStaffSession, [
        profile.staffUserId, profile.name, profile.departmentIds, at,
        hashToken(token), new Date(at.getTime() + staffSessionTtlMs), previous, record.stateHash, record.seal(token),
      ])
      if (record.previousToken !== undefined) cache.delete(record.previousToken)
      return token
    },
    async authenticate(token) {
      const known = cache.get(token)
      if (known && known.endsAt > now()) return known
      const actor = await readActor(db, env, hashToken(token), now())
      if (actor === null) return null
      cache.set(token, actor)
      return actor
    },
    forgetRights: () => cache.clear(),
    async closeAll(staffUserId) {
      await db.run(revokeStaffSessions, [staffUserId, now()])
      for (const [token, actor] of [...cache.entries()]) if (actor.staffUserId === staffUserId) cache.delete(token)
    },
  }
}
