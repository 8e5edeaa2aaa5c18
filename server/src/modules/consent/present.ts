import type { ConsentRecord, Policy } from '@qihui/shared/consent'

/** A policy version as it was published: its text, what proves it, and who did it. */
export interface PublishedPolicy extends Policy {
  /** SHA-256 of the full text, hex. */
  readonly textHash: string
  readonly publishedBy: string | null
}

/** A policy version as stored. */
export interface PolicyRow {
  readonly version: string
  readonly title: string
  readonly text: Pick<Policy, 'summary' | 'sections'>
  readonly text_hash: string
  readonly diff_class: Policy['diffClass']
  readonly published_at: Date
  readonly published_by: string | null
}

/** A recorded decision as stored. */
export interface ConsentRow {
  readonly purpose: string
  readonly decision: ConsentRecord['decision']
  readonly policy_version: string
  readonly granted_at: Date
  readonly withdrawn_at: Date | null
}

export function presentPolicy(row: PolicyRow): PublishedPolicy {
  return {
    version: row.version,
    title: row.title,
    publishedAt: row.published_at.toISOString(),
    diffClass: row.diff_class,
    summary: row.text.summary,
    sections: row.text.sections,
    textHash: row.text_hash,
    publishedBy: row.published_by,
  }
}

/** Everything a reader of the text gets. */
export function presentPolicyText(policy: PublishedPolicy) {
  return {
    version: policy.version,
    title: policy.title,
    publishedAt: policy.publishedAt,
    textHash: policy.textHash,
    diffClass: policy.diffClass,
    sections: policy.sections.map(({ heading, paragraphs }) => ({ heading, paragraphs: [...paragraphs] })),
  }
}

export function presentRecord(row: ConsentRow): ConsentRecord {
  return { purpose: row.purpose, decision: row.decision, policyVersion: row.policy_version, at: row.granted_at, withdrawnAt: row.withdrawn_at }
}
