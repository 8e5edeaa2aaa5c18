import type { Identifier } from '@qihui/shared/identity'
import type { Env } from '../../env.ts'
import type { MemberActor } from '../../http/actor.ts'
import { externalUserNamespace, unionIdNamespace } from '../identity/namespaces.ts'

/** What a login showed of one human, whichever door it came through. */
export type SessionIdentity = Pick<MemberActor, 'namespace' | 'openId' | 'unionId' | 'externalUserId'>

/**
 * Everything a session vouches for, the identifier that reaches furthest first: a person is looked for in this order (R33-R35).
 * An openid goes with its namespace; the contact's id only when WeCom told it.
 */
export function sessionIdentifiers(env: Env, identity: SessionIdentity): Identifier[] {
  const { namespace, openId, unionId, externalUserId } = identity
  return [
    ...(unionId === null ? [] : [{ namespace: unionIdNamespace(env), value: unionId }]),
    ...(externalUserId === null ? [] : [{ namespace: externalUserNamespace(env), value: externalUserId }]),
    { namespace, value: openId },
  ]
}
