import { createHash } from 'node:crypto'
import { policies as firstPolicies, sensitiveKeyOf, type ConsentPurpose, type Policy } from '@qihui/shared/consent'
import { AppError } from '@qihui/shared/errors'
import type { Tx } from '../../db/pool.ts'
import { newId } from '../../security/newId.ts'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { knownSensitiveKeys } from '../form/queries.ts'
import { touchActivity, touchPersons } from '../lifecycle/steps.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { presentPolicy, type PolicyRow, type PublishedPolicy } from './present.ts'
import { cancelMarketing, forgetAnswers } from './steps.ts'
import { insertConsents, insertPolicyVersion, lockPolicies, selectPersonsOfSession, selectPolicyInForce, selectPolicyVersion, withdrawConsents } from './tables.ts'

type ConsentServices = Pick<Services, 'db' | 'now' | 'env' | 'policies'>

/** What a session says about some purposes, having been shown one version. */
export interface ConsentInput {
  readonly policyVersion: string
  readonly purposes: readonly ConsentPurpose[]
  readonly channelToken?: string | undefined
}

/** SHA-256 of a policy's full text, hex: what a consent record points at. */
export function policyHash(policy: Pick<Policy, 'title' | 'summary' | 'sections'>): string {
  const sections = policy.sections.map(({ heading, paragraphs }) => ({ heading, paragraphs }))
  return createHash('sha256').update(JSON.stringify([policy.title, policy.summary, sections])).digest('hex')
}

function policyValues(policy: Policy, publishedBy: string | null): unknown[] {
  return [policy.version, policy.title, JSON.stringify({ summary: policy.summary, sections: policy.sections }), policyHash(policy), policy.publishedAt, policy.diffClass, publishedBy]
}

/**
 * Gives a new installation its first policy. A version whose text was edited after it was published stops the start:
 * people agreed to another text.
 */
export async function publishPolicies({ db }: Pick<Services, 'db'>): Promise<void> {
  for (const policy of firstPolicies) {
    await db.run(insertPolicyVersion, policyValues(policy, null))
    const [stored] = await db.run<PolicyRow>(selectPolicyVersion, [policy.version])
    if (stored?.text_hash !== policyHash(policy)) throw new Error(`policy ${policy.version} was edited after publication: publish the change as a new version`)
  }
}

/**
 * Publishes a policy version; its text is never edited afterwards (R63). Two publishers do not overwrite each other.
 * @throws AppError `policy.unpublishable` when the version is taken, the policy in force is another one, or nothing was changed
 */
export async function publishPolicy(
  { db, now, policies }: Pick<Services, 'db' | 'now' | 'policies'>,
  actor: StaffActor,
  input: Omit<Policy, 'publishedAt'> & { readonly replaces: string },
): Promise<PublishedPolicy> {
  const published = await db.transaction(async (tx) => {
    await tx.run(lockPolicies, [])
    const at = now()
    const [row] = await tx.run<PolicyRow>(selectPolicyInForce, [at])
    const inForce = row && presentPolicy(row)
    const refuse = (path: string, message: string) => new AppError('policy.unpublishable', message, [{ path, message }])
    if (inForce?.version !== input.replaces) throw refuse('body.replaces', '政策已有更新的版本，请刷新后再发布')
    if (inForce.textHash === policyHash(input)) throw refuse('body.sections', '内容与现行版本相同，无需发布')
    const policy = { ...input, publishedAt: new Date(Math.max(at.getTime(), Date.parse(inForce.publishedAt) + 1)).toISOString() }
    const inserted = await tx.run(insertPolicyVersion, policyValues(policy, actor.staffUserId))
    if (inserted.length === 0) throw refuse('body.version', '这个版本号已被使用，请换一个')
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'policy.publish', subject: `policy:${policy.version}` })
    return { ...policy, textHash: policyHash(policy), publishedBy: actor.staffUserId }
  })
  await policies.refresh()
  return published
}

/** The evidence of a decision is where it was made. */
function evidenceOf(actor: MemberActor): string {
  return actor.namespace.startsWith('mp-openid@') ? 'miniProgram' : 'invitePage'
}

/** Refuses a text that no longer counts and purposes that no form asks for. */
async function checkInput({ db, policies }: Pick<Services, 'db' | 'policies'>, input: ConsentInput, at: Date): Promise<void> {
  if (await policies.needsRenewal(input.policyVersion, at)) throw new AppError('consent.policyOutdated')
  const sensitive = input.purposes.flatMap((purpose) => sensitiveKeyOf(purpose) ?? [])
  const known = sensitive.length === 0 ? [] : await knownSensitiveKeys({ db }, sensitive)
  const unknown = sensitive.find((key) => !known.includes(key))
  if (unknown !== undefined) throw new AppError('request.invalid', undefined, [{ path: 'body.purposes', message: `没有登记表收集敏感字段“${unknown}”` }])
}

function decisionValues({ env }: Pick<Services, 'env'>, actor: MemberActor, decision: 'granted' | 'refused', input: ConsentInput, at: Date) {
  const purposes = [...new Set(input.purposes)]
  const consentIds = purposes.map(() => newId())
  const shown = sessionIdentifiers(env, actor)
  const values = [
    consentIds, purposes, actor.namespace, actor.openId, decision, input.policyVersion, input.channelToken ?? null, evidenceOf(actor), at,
    shown.map(({ namespace }) => namespace), shown.map(({ value }) => value),
  ]
  return { consentIds, values }
}

/**
 * Records the tick of one session, before registration and independent of it (R63, R65). A text that differs only in minor points
 * from the one in force still counts.
 * @throws AppError `consent.policyOutdated` when a materially different text was shown, `request.invalid`
 */
export async function grantConsent(services: ConsentServices, actor: MemberActor, input: ConsentInput): Promise<{ consentIds: string[]; policyVersion: string }> {
  const at = services.now()
  await checkInput(services, input, at)
  const { consentIds, values } = decisionValues(services, actor, 'granted', input, at)
  const [given] = await services.db.run<{ archived_member_id: string | null }>(insertConsents, values)
  const archivedId = given?.archived_member_id ?? null
  if (archivedId !== null) await services.db.transaction((tx) => touchActivity(tx, archivedId, at))
  return { consentIds, policyVersion: input.policyVersion }
}

/**
 * Remembers a no for optional purposes; a yes that stood before ends with it.
 * @throws AppError `consent.policyOutdated`, `request.invalid` for `membership`, which is refused by not registering
 */
export async function refuseConsent(services: ConsentServices, actor: MemberActor, input: ConsentInput): Promise<{ isRecorded: boolean }> {
  const at = services.now()
  if (input.purposes.includes('membership')) {
    throw new AppError('request.invalid', undefined, [{ path: 'body.purposes', message: '会员服务是入会必需的用途；不同意时不注册即可，已入会的请撤回同意' }])
  }
  await checkInput(services, input, at)
  await services.db.transaction(async (tx) => {
    await endGrants(services, tx, actor, input.purposes, at)
    await tx.run(insertConsents, decisionValues(services, actor, 'refused', input, at).values)
  })
  return { isRecorded: true }
}

/** Ends standing grants of this human with what rested on them: queued marketing messages, sensitive answers. Null means every purpose. */
async function endGrants({ env }: Pick<Services, 'env'>, tx: Tx, actor: MemberActor, purposes: readonly string[] | null, at: Date): Promise<string[]> {
  const shown = sessionIdentifiers(env, actor)
  const held = [shown.map(({ namespace }) => namespace), shown.map(({ value }) => value)]
  const ended = await tx.run<{ purpose: string; person_id: string | null }>(withdrawConsents, [actor.namespace, actor.openId, ...held, at, purposes])
  const persons = await tx.run<{ person_id: string }>(selectPersonsOfSession, held)
  const personIds = [...new Set([...persons, ...ended].map((row) => row.person_id).filter((personId) => personId !== null))]
  // Asked for even when no grant was open: the person wants no more messages, and that is all a withdrawal has to say.
  if (purposes === null || purposes.includes('marketing')) await cancelMarketing(tx, personIds, at)
  await forgetAnswers(tx, personIds, ended.flatMap(({ purpose }) => sensitiveKeyOf(purpose) ?? []))
  await touchPersons(tx, personIds, at)
  return [...new Set(ended.map(({ purpose }) => purpose))].sort()
}

/**
 * Withdraws as easily as it was given: at once, in one transaction with the messages that are cancelled for it (R63, PIPL 15).
 * Without `membership` the other purposes have nothing to rest on and end as well. The records stay as proof. Twice is once.
 */
export async function withdrawConsent(services: ConsentServices, actor: MemberActor, purposes: readonly ConsentPurpose[]): Promise<{ withdrawn: string[] }> {
  const at = services.now()
  const scope = purposes.includes('membership') ? null : purposes
  const withdrawn = await services.db.transaction((tx) => endGrants(services, tx, actor, scope, at))
  return { withdrawn }
}
