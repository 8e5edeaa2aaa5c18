import { purposeTexts, sensitiveKeyOf, sensitivePurposeText, standingOf, type ConsentStandings, type PurposeText, type Standing } from '@qihui/shared/consent'
import type { Tx } from '../../db/pool.ts'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { listFieldTexts } from '../form/queries.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import type { PolicyBook } from './book.ts'
import { presentPolicy, presentRecord, type ConsentRow, type PolicyRow, type PublishedPolicy } from './present.ts'
import { selectApproachableMember, selectConsentHistory, selectConsentsOfPerson, selectConsentsOfSession, selectPolicies } from './tables.ts'

type ConsentServices = Pick<Services, 'db' | 'now' | 'env' | 'policies'>

function valuesOf({ env }: Pick<Services, 'env'>, actor: MemberActor) {
  const shown = sessionIdentifiers(env, actor)
  return [actor.namespace, actor.openId, shown.map(({ namespace }) => namespace), shown.map(({ value }) => value)]
}

/** Where every purpose stands for the human behind a session, the sensitive fields they ever decided on included. */
export async function getConsentStandings(services: ConsentServices, actor: MemberActor): Promise<ConsentStandings> {
  const at = services.now()
  const [policy, marks] = [await services.policies.inForce(at), await services.policies.marks()]
  const records = (await services.db.run<ConsentRow>(selectConsentsOfSession, valuesOf(services, actor))).map(presentRecord)
  const keys = [...new Set(records.flatMap(({ purpose }) => sensitiveKeyOf(purpose) ?? []))]
  const sensitive = keys.length === 0 ? [] : (await listFieldTexts(services, keys)).map(sensitivePurposeText)
  const present = ({ purpose, label, explanation }: PurposeText) => {
    const { state, policyVersion, at: since, mayAsk, isStale } = standingOf(purpose, records, marks, at)
    return { purpose, label, explanation, state, policyVersion, at: since?.toISOString() ?? null, mayAsk, isStale }
  }
  return { policy: { version: policy.version, title: policy.title, summary: [...policy.summary] }, purposes: [...purposeTexts, ...sensitive].map(present) }
}

/** One decision with what proves it. */
export interface ConsentProof {
  readonly consentId: string
  readonly purpose: string
  readonly decision: 'granted' | 'refused'
  readonly policyVersion: string
  readonly textHash: string
  readonly at: string
  readonly withdrawnAt: string | null
  readonly channelName: string | null
  readonly evidence: string
}

/** Every yes, no and withdrawal of the human behind a session, newest first (R63, PIPL 45). */
export async function listConsentHistory(services: Pick<Services, 'db' | 'env'>, actor: MemberActor): Promise<ConsentProof[]> {
  const rows = await services.db.run<ConsentRow & { consent_id: string; text_hash: string; evidence: string; channel_name: string | null }>(selectConsentHistory, valuesOf(services, actor))
  return rows.map((row) => ({
    consentId: row.consent_id,
    purpose: row.purpose,
    decision: row.decision,
    policyVersion: row.policy_version,
    textHash: row.text_hash,
    at: row.granted_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    channelName: row.channel_name,
    evidence: row.evidence,
  }))
}

/** Every policy version, newest first, with how many said yes to it. */
export async function listPolicies({ db }: Pick<Services, 'db'>): Promise<(PublishedPolicy & { readonly consents: number })[]> {
  return (await db.run<PolicyRow & { consents: number }>(selectPolicies, [])).map((row) => ({ ...presentPolicy(row), consents: row.consents }))
}

/** What this person said about marketing: a no or a withdrawal is a reason not to write at all. */
export async function getMarketingStanding(tx: Tx, policies: Pick<PolicyBook, 'marks'>, personId: string, at: Date): Promise<Standing> {
  const records = (await tx.run<ConsentRow>(selectConsentsOfPerson, [personId])).map(presentRecord)
  const marks = await policies.marks()
  // Marketing rests on the membership: without it a yes of its own has nothing to stand on.
  const membership = standingOf('membership', records, marks, at)
  return membership.state === 'withdrawn' ? membership : standingOf('marketing', records, marks, at)
}

/**
 * Whether this person may get marketing now: a confirmed member who is not held, whose yes to marketing stands, is not stale after a
 * material change, and whose membership consent was not withdrawn. Asked when a message is queued and again when it is sent.
 */
export async function canMarket(tx: Tx, policies: Pick<PolicyBook, 'marks'>, personId: string, at: Date): Promise<boolean> {
  const [member] = await tx.run(selectApproachableMember, [personId])
  if (member === undefined) return false
  const { state, isStale } = await getMarketingStanding(tx, policies, personId, at)
  return state === 'granted' && !isStale
}
