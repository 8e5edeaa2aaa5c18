import type { getOwnBenefits } from '@qihui/shared/benefit'
import type { listAccessLog } from '@qihui/shared/audit'
import type { getConsentHistory, getConsentStandings, getPolicy, grantConsent, refuseConsent, withdrawConsent } from '@qihui/shared/consent'
import type { getDraft, saveDraft } from '@qihui/shared/form'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { recordKeyAct } from '@qihui/shared/identity'
import type { correctOwnData, exportOwnData, getErasure, getOwnData, requestErasure } from '@qihui/shared/lifecycle'
import type { getMemberCode, getMemberSelf, registerMember } from '@qihui/shared/member'
import type { getRegistrationEntry, recordVisit } from '@qihui/shared/registration'
import type { getOwnGrowthEntries, getTierExplanation } from '@qihui/shared/tier'
import { exchange } from './exchange.ts'
import { callAsMember } from './session.ts'

/** One policy version in full. */
export type Policy = ResponseOf<typeof getPolicy>
/** A member code with its picture. */
export type MemberCode = ResponseOf<typeof getMemberCode>
/** What the person has, what comes next, coupons and the adviser. */
export type OwnBenefits = ResponseOf<typeof getOwnBenefits>
/** What somebody left unfinished. */
export type Draft = NonNullable<ResponseOf<typeof getDraft>['draft']>
/** How the server understood the answers so far. */
export type SavedDraft = ResponseOf<typeof saveDraft>
/** One line of the consent history. */
export type ConsentRecord = ResponseOf<typeof getConsentHistory>['records'][number]
/** Why the person has the tier. */
export type TierExplanation = ResponseOf<typeof getTierExplanation>
/** One line of the growth ledger. */
export type GrowthEntry = ResponseOf<typeof getOwnGrowthEntries>['entries'][number]
/** One time somebody looked at the member's data. */
export type Access = ResponseOf<typeof listAccessLog>['accesses'][number]
/** What a registration sends. */
export type RegistrationBody = BodyOf<typeof registerMember>
/** Everything that is kept about the person. */
export type OwnData = ResponseOf<typeof getOwnData>
/** How far an erasure is. */
export type ErasureStatus = ResponseOf<typeof getErasure>
/** What can be agreed to. */
export type Purpose = BodyOf<typeof grantConsent>['purposes'][number]

/** Channel, tiers, policy and form: everything the screens say before anybody is asked for anything. */
export const fetchEntry = (scene: string | null) =>
  exchange<typeof getRegistrationEntry>({ method: 'GET', path: '/api/registrations/entry' }, { query: scene === null ? {} : { scene } })

export const fetchPolicy = (version: string) =>
  exchange<typeof getPolicy>({ method: 'GET', path: '/api/policies/:version' }, { params: { version } })

export const postVisit = (body: BodyOf<typeof recordVisit>) =>
  callAsMember<typeof recordVisit>({ method: 'POST', path: '/api/registrations/visits' }, { body })

export const fetchDraft = () => callAsMember<typeof getDraft>({ method: 'GET', path: '/api/registrations/draft' })

/** Keeps the answers for a day on the server; problems do not refuse. */
export const putDraft = (body: BodyOf<typeof saveDraft>) => callAsMember<typeof saveDraft>({ method: 'PUT', path: '/api/registrations/draft' }, { body })

export const postConsent = (body: BodyOf<typeof grantConsent>) =>
  callAsMember<typeof grantConsent>({ method: 'POST', path: '/api/consents' }, { body })

/** Remembers a no to an optional purpose: nobody asks again for 30 days. */
export const postRefusal = (body: BodyOf<typeof refuseConsent>) =>
  callAsMember<typeof refuseConsent>({ method: 'POST', path: '/api/consents/refusals' }, { body })

export const postWithdrawal = (purposes: BodyOf<typeof withdrawConsent>['purposes']) =>
  callAsMember<typeof withdrawConsent>({ method: 'POST', path: '/api/consents/withdrawals' }, { body: { purposes } })

export const fetchConsentStandings = () => callAsMember<typeof getConsentStandings>({ method: 'GET', path: '/api/consents/me' })

export const fetchConsentHistory = () => callAsMember<typeof getConsentHistory>({ method: 'GET', path: '/api/consents/me/history' })

/** Registers. The same key stands for the same attempt: sent twice, it happens once. */
export const postRegistration = (body: RegistrationBody, idempotencyKey: string) =>
  callAsMember<typeof registerMember>(
    { method: 'POST', path: '/api/members/registrations' },
    { body, headers: { 'idempotency-key': idempotencyKey } },
  )

export const fetchMember = () => callAsMember<typeof getMemberSelf>({ method: 'GET', path: '/api/members/me' })

export const fetchBenefits = () => callAsMember<typeof getOwnBenefits>({ method: 'GET', path: '/api/members/me/benefits' })

export const fetchTierExplanation = () => callAsMember<typeof getTierExplanation>({ method: 'GET', path: '/api/members/me/tier' })

/** One page of the ledger, newest first. @param after the last line of the page before, or null */
export const fetchGrowthEntries = (after: string | null) =>
  callAsMember<typeof getOwnGrowthEntries>({ method: 'GET', path: '/api/members/me/growth-entries' }, { query: after === null ? {} : { after } })

export const fetchMemberCode = () => callAsMember<typeof getMemberCode>({ method: 'GET', path: '/api/members/me/code' })

export const postKeyAct = (act: BodyOf<typeof recordKeyAct>['act']) =>
  callAsMember<typeof recordKeyAct>({ method: 'POST', path: '/api/members/key-acts' }, { body: { act } })

export const fetchOwnData = () => callAsMember<typeof getOwnData>({ method: 'GET', path: '/api/members/me/data' })

export const fetchOwnCopy = (format: 'json' | 'csv') => callAsMember<typeof exportOwnData>({ method: 'GET', path: '/api/members/me/data-export' }, { query: { format } })

export const putOwnAnswers = (answers: BodyOf<typeof correctOwnData>['answers']) => callAsMember<typeof correctOwnData>({ method: 'PUT', path: '/api/members/me/answers' }, { body: { answers } })

/** The person leaves; from here on this session leads to nobody. */
export const postErasure = () => callAsMember<typeof requestErasure>({ method: 'POST', path: '/api/members/me/erasure' }, { body: { isUnderstood: true } })

export const fetchErasure = (receiptNo: string) => callAsMember<typeof getErasure>({ method: 'GET', path: '/api/members/erasures/:receiptNo' }, { params: { receiptNo } })

export const fetchAccessLog = () => callAsMember<typeof listAccessLog>({ method: 'GET', path: '/api/members/me/access-log' })
