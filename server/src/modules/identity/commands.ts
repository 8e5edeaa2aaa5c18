import { decideLink, type Identifier, type IdentifierOwner } from '@qihui/shared/identity'
import { newId } from '../../security/newId.ts'
import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { syncTierTag } from '../corp-tag/jobs.ts'
import { externalUserNamespace, unionIdNamespace } from './namespaces.ts'
import { absorbStatements, insertIdentifiers, insertLinkedEntry, insertReview, lockOwners, selectMemberPairs, selectObserved, selectOwnerIds, selectSurvivor } from './tables.ts'

interface OwnerRow {
  readonly person_id: string
  readonly created_at: Date
  readonly is_member: boolean
  readonly identifiers: readonly Identifier[]
}

async function loadOwners(tx: Tx, observed: readonly Identifier[], externalNamespace: string, personId: string): Promise<IdentifierOwner[]> {
  const namespaces = observed.map(({ namespace }) => namespace)
  const values = observed.map(({ value }) => value)
  const ids = await tx.run<{ person_id: string }>(selectOwnerIds, [namespaces, values, externalNamespace, personId])
  const rows = await tx.run<OwnerRow>(lockOwners, [ids.map((row) => row.person_id)])
  return rows.map((row) => ({ personId: row.person_id, isMember: row.is_member, createdAt: row.created_at.toISOString(), identifiers: row.identifiers }))
}

/**
 * The junction: looks at all that is known of one human, lets the rule decide, and carries it out in one transaction.
 * `seenTogether` are identifiers one answer of a vendor showed to be one human, beyond what is stored. Running it again, or for the other half first, ends in the same state (R34, R39).
 */
export async function linkPerson(
  { db, now, env }: Pick<Services, 'db' | 'now' | 'env'>,
  personId: string,
  seenTogether: readonly Identifier[] = [],
): Promise<void> {
  const at = now()
  const externalNamespace = externalUserNamespace(env)
  await db.transaction(async (tx) => {
    const [survivor] = await tx.run<{ person_id: string }>(selectSurvivor, [personId])
    if (survivor === undefined) return
    const known = await tx.run<Identifier>(selectObserved, [survivor.person_id, unionIdNamespace(env), externalNamespace])
    const observed = [...known, ...seenTogether]
    const decision = decideLink(observed, await loadOwners(tx, observed, externalNamespace, survivor.person_id))
    if (decision.kind === 'create') return
    if (decision.kind === 'review') {
      await tx.run(insertReview, [newId(), decision.reason, `${decision.reason}:${[...decision.personIds].sort().join(',')}`, decision.personIds, at])
      return
    }
    const linkedId = decision.kind === 'merge' ? decision.survivorId : decision.personId
    if (decision.kind === 'merge') {
      for (const statement of absorbStatements) await tx.run(statement, [linkedId, decision.absorbedIds])
    }
    await tx.run(insertIdentifiers, [observed.map(({ namespace }) => namespace), observed.map(({ value }) => value), linkedId, at])
    const pairs = await tx.run<{ external_user_id: string; staff_user_id: string }>(selectMemberPairs, [linkedId])
    if (pairs.length > 0) await tx.run(insertLinkedEntry, [newId(), linkedId, at, `identity.linked:${linkedId}`])
    for (const pair of pairs) await enqueue(tx, syncTierTag, { externalUserId: pair.external_user_id, staffUserId: pair.staff_user_id })
  })
}
