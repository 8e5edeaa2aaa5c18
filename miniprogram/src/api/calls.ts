import type { getPolicy, grantConsent } from '@qihui/shared/consent'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { getMemberCode, getMemberSelf, registerMember } from '@qihui/shared/member'
import type { getRegistrationEntry } from '@qihui/shared/registration'
import { exchange } from './exchange.ts'
import { callAsMember } from './session.ts'

/** One policy version in full. */
export type Policy = ResponseOf<typeof getPolicy>
/** A member code with its picture. */
export type MemberCode = ResponseOf<typeof getMemberCode>

/** Channel, tiers, policy and form: everything the screens say before anybody is asked for anything. */
export const fetchEntry = (scene: string | null) =>
  exchange<typeof getRegistrationEntry>({ method: 'GET', path: '/api/registrations/entry' }, { query: scene === null ? {} : { scene } })

export const fetchPolicy = (version: string) =>
  exchange<typeof getPolicy>({ method: 'GET', path: '/api/policies/:version' }, { params: { version } })

export const postConsent = (body: BodyOf<typeof grantConsent>) =>
  callAsMember<typeof grantConsent>({ method: 'POST', path: '/api/consents' }, { body })

/** Registers. The same key stands for the same attempt: sent twice, it happens once. */
export const postRegistration = (body: BodyOf<typeof registerMember>, idempotencyKey: string) =>
  callAsMember<typeof registerMember>(
    { method: 'POST', path: '/api/members/registrations' },
    { body, headers: { 'idempotency-key': idempotencyKey } },
  )

export const fetchMember = () => callAsMember<typeof getMemberSelf>({ method: 'GET', path: '/api/members/me' })

export const fetchMemberCode = () => callAsMember<typeof getMemberCode>({ method: 'GET', path: '/api/members/me/code' })
