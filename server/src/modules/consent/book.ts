import { diffClassSince, type PolicyMark } from '@qihui/shared/consent'
import { versionInForce } from '@qihui/shared/form'
import type { Tx } from '../../db/pool.ts'
import { createVersionShelf } from '../../db/versionShelf.ts'
import { presentPolicy, type PolicyRow, type PublishedPolicy } from './present.ts'
import { selectPolicyMarks, selectPolicyVersion } from './tables.ts'

/** The published policies, from memory: at most five seconds behind another process, never behind this one. */
export interface PolicyBook {
  /** The policy in force at an instant. */
  inForce(at: Date): Promise<PublishedPolicy>
  /** Any version there has ever been, or null: old texts stay provable. */
  find(version: string): Promise<PublishedPolicy | null>
  /** Whether a yes to this version no longer counts: a material change lies between, or nobody knows the version (PIPL 14). */
  needsRenewal(givenVersion: string, at: Date): Promise<boolean>
  /** Version, time and class of every policy, for the rules of shared. */
  marks(): Promise<readonly PolicyMark[]>
  /** Looks for new versions now. */
  refresh(): Promise<void>
}

/** Opens the book. One per process: it belongs into the services. */
export function createPolicyBook({ db, now }: { readonly db: Tx; readonly now: () => Date }): PolicyBook {
  const shelf = createVersionShelf<PolicyMark, PublishedPolicy>({
    now,
    async readMarks() {
      const rows = await db.run<Pick<PolicyRow, 'version' | 'published_at' | 'diff_class'>>(selectPolicyMarks, [])
      return rows.map((row) => ({ version: row.version, publishedAt: row.published_at.toISOString(), diffClass: row.diff_class }))
    },
    async readVersion(version) {
      const [row] = await db.run<PolicyRow>(selectPolicyVersion, [version])
      return row === undefined ? null : presentPolicy(row)
    },
  })

  return {
    marks: shelf.marks,
    find: shelf.find,
    async inForce(at) {
      const mark = versionInForce(await shelf.marks(), at)
      const policy = mark && (await shelf.find(mark.version))
      if (policy === null) throw new Error('no privacy policy has been published: publishPolicies runs before the first request')
      return policy
    },
    async needsRenewal(givenVersion, at) {
      const held = await shelf.marks()
      const marks = held.some(({ version }) => version === givenVersion) ? held : await shelf.refresh()
      return diffClassSince(marks, givenVersion, at) === 'material'
    },
    async refresh() {
      await shelf.refresh()
    },
  }
}
