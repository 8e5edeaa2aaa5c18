import { AppError } from '@qihui/shared/errors'
import type { EdgeSource, Identifier } from '@qihui/shared/identity'
import type { consentBasisSchema } from '@qihui/shared/member'
import type { InferOutput } from 'valibot'
import type { Env } from '../../env.ts'
import type { IntegrationActor, MemberActor, StaffActor } from '../../http/actor.ts'
import { externalUserNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'

/** Where an agreement comes from that nobody ticked on a screen. */
export type ConsentBasis = InferOutput<typeof consentBasisSchema>

/** Who brings a member, and what they vouch for (docs/adr/0012). The rest of a registration is the same for every channel. */
export interface RegistrationSource {
  /** What is known of the human, the identifier that reaches furthest first; never empty. */
  readonly identifiers: readonly Identifier[]
  readonly evidence: EdgeSource
  /** The session the consents belong to; null when somebody else enters the person. */
  readonly session: { readonly namespace: string; readonly openId: string } | null
  /** `staff:<id>` or `integration:<key id>`; null for people who register themselves. */
  readonly enteredBy: string | null
  /** Kept as a consent record of its own, for people who did not tick a box. */
  readonly basis: ConsentBasis | null
  /** False while the person has not confirmed by their own link: not contacted, no growth (R11). */
  readonly isConfirmed: boolean
}

/** A person in front of their own screen: the mini-program, or the invite page. */
export function sessionSource(env: Env, actor: MemberActor): RegistrationSource {
  const { namespace, openId } = actor
  return {
    identifiers: sessionIdentifiers(env, actor),
    evidence: namespace.startsWith('mp-openid@') ? 'code2Session' : 'oauth',
    session: { namespace, openId },
    enteredBy: null,
    basis: null,
    isConfirmed: true,
  }
}

/** A rep for a contact of theirs (R11). The person confirms later. */
export function staffSource(env: Env, actor: StaffActor, contact: { readonly externalUserId: string; readonly unionId: string | null }, basis: ConsentBasis): RegistrationSource {
  const identifiers: Identifier[] = [
    ...(contact.unionId === null ? [] : [{ namespace: unionIdNamespace(env), value: contact.unionId }]),
    { namespace: externalUserNamespace(env), value: contact.externalUserId },
  ]
  return { identifiers, evidence: 'staffEntry', session: null, enteredBy: `staff:${actor.staffUserId}`, basis, isConfirmed: false }
}

/** A connected system (R18). Contactable only on a recorded basis (domain rules k 5). */
export function integrationSource(env: Env, actor: IntegrationActor, person: { readonly externalKey: string; readonly unionId?: string | undefined }, basis: ConsentBasis | null): RegistrationSource {
  const identifiers: Identifier[] = [
    ...(person.unionId === undefined ? [] : [{ namespace: unionIdNamespace(env), value: person.unionId }]),
    { namespace: `import@${actor.keyId}`, value: person.externalKey },
  ]
  return { identifiers, evidence: 'integration', session: null, enteredBy: `integration:${actor.keyId}`, basis, isConfirmed: basis !== null }
}

/** @throws AppError `request.invalid` when somebody is said to agree later than now */
export function refuseFutureBasis(basis: ConsentBasis, at: Date): void {
  if (new Date(basis.at) > at) throw new AppError('request.invalid', undefined, [{ path: 'body.basis.at', message: '同意时间不能晚于现在' }])
}
