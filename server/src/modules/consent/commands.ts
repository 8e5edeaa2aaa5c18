import { createHash } from 'node:crypto'
import { policies, policyAt, type ConsentPurpose, type Policy } from '@qihui/shared/consent'
import { AppError } from '@qihui/shared/errors'
import { newId } from '../../security/newId.ts'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { insertConsents, insertPolicyVersion, selectPolicyHash } from './tables.ts'

/** SHA-256 of a policy's full text, hex: what a consent record points at. */
export function policyHash(policy: Policy): string {
  return createHash('sha256').update(JSON.stringify([policy.title, policy.summary, policy.sections])).digest('hex')
}

/**
 * Writes every published policy version once. A version whose text was edited afterwards stops the start:
 * people agreed to another text.
 */
export async function publishPolicies({ db }: Pick<Services, 'db'>): Promise<void> {
  for (const policy of policies) {
    const hash = policyHash(policy)
    await db.run(insertPolicyVersion, [policy.version, policy.title, JSON.stringify({ summary: policy.summary, sections: policy.sections }), hash, policy.publishedAt])
    const [stored] = await db.run<{ text_hash: string }>(selectPolicyHash, [policy.version])
    if (stored?.text_hash !== hash) throw new Error(`policy ${policy.version} was edited after publication: publish the change as a new version`)
  }
}

/**
 * Records the tick of one session for the policy in force; before registration and independent of it (R63, R65).
 * @throws AppError `consent.policyOutdated` when another version than the current one was shown.
 */
export async function grantConsent(
  { db, now }: Pick<Services, 'db' | 'now'>,
  actor: MemberActor,
  input: { readonly policyVersion: string; readonly purposes: readonly ConsentPurpose[]; readonly channelToken?: string | undefined },
): Promise<{ consentIds: string[]; policyVersion: string }> {
  const at = now()
  if (policyAt(at).version !== input.policyVersion) throw new AppError('consent.policyOutdated')
  const purposes = [...new Set(input.purposes)]
  const consentIds = purposes.map(() => newId())
  await db.run(insertConsents, [consentIds, purposes, actor.openId, input.policyVersion, input.channelToken ?? null, at])
  return { consentIds, policyVersion: input.policyVersion }
}
