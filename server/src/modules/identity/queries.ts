import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import { resolveConsents, survivorOf, type BindingMode, type getConsistency as getConsistencyContract, type getMergePreview as getMergePreviewContract, type IdentityReview, type listMerges as listMergesContract } from '@qihui/shared/identity'
import { tierStanding } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { loadTierRules } from '../tier/steps.ts'
import { decidedByRule, loadStandings } from './mergeSteps.ts'
import { externalUserNamespace, unionIdNamespace } from './namespaces.ts'
import { obstacleTo } from './obstacleTo.ts'
import { presentReview, presentReviewPerson, purposeName, reviewedFields, tierName, type ReviewPersonRow, type ReviewRow } from './present.ts'
import {
  insertAudit,
  selectConsistency,
  selectHeldMembers,
  selectJoinedLedger,
  selectLiving,
  selectMerge,
  selectMergeCounts,
  selectMerges,
  selectOpenWork,
  selectReview,
  selectReviewPersons,
  selectReviews,
} from './reviewTables.ts'
import { loadPersons } from './steps.ts'

type ReadServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env'>
type Merge = ResponseOf<typeof listMergesContract>['merges'][number]
type ReviewPerson = IdentityReview['persons'][number]

/** Who asks, and by which request: for the audit. */
export interface Reader {
  readonly actor: StaffActor
  readonly requestId: string
}

const pageSize = 200

/** Persons as a reviewer sees them; the row that says who looked is written first (R61). */
async function readPersons({ db, now, cipher }: ReadServices, { actor, requestId }: Reader, action: string, subject: string, personIds: readonly string[]): Promise<Map<string, ReviewPerson>> {
  const ids = [...new Set(personIds)]
  if (ids.length === 0) return new Map()
  await db.run(insertAudit, [ids.map(() => newId()), ids, now(), actor.staffUserId, action, subject, reviewedFields, 'shown', requestId])
  const rows = await db.run<ReviewPersonRow>(selectReviewPersons, [ids])
  return new Map(rows.map((row) => [row.person_id, presentReviewPerson(cipher, row)]))
}

/** The queue of identity reviews: open ones oldest first, then decided ones newest first; 200 of each at most (R36). */
export async function listReviews(services: ReadServices, reader: Reader, state: 'open' | 'decided' | undefined): Promise<IdentityReview[]> {
  const wanted = state === undefined ? [true, false] : [state === 'open']
  const pages = await Promise.all(wanted.map((isOpen) => services.db.run<ReviewRow>(selectReviews, [isOpen, pageSize])))
  const rows = pages.flat()
  const persons = await readPersons(services, reader, 'identityReview.list', 'identityReviews', rows.flatMap((row) => row.person_ids))
  return rows.map((row) => presentReview(row, persons))
}

/** One review. @throws AppError `request.notFound` */
export async function getReview(services: ReadServices, reader: Reader, reviewId: string): Promise<IdentityReview> {
  const [row] = await services.db.run<ReviewRow>(selectReview, [reviewId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentReview(row, await readPersons(services, reader, 'identityReview.read', reviewId, row.person_ids))
}

/** Growth and tier the joined ledgers of these persons would give. */
async function joinedStanding(tx: Tx, personIds: readonly string[], survivorId: string, at: Date) {
  const rows = await tx.run<{ member_no: string; registered_at: Date; amount: number | null; occurred_at: Date; posted_at: Date }>(selectJoinedLedger, [personIds, survivorId])
  const [keeper] = rows
  if (keeper === undefined) return null
  const ledger = rows.flatMap((row) => (row.amount === null ? [] : [{ amount: row.amount, occurredAt: row.occurred_at.toISOString(), postedAt: row.posted_at.toISOString() }]))
  const { tier, growthValue } = tierStanding(ledger, await loadTierRules(tx), keeper.registered_at.toISOString(), at.toISOString())
  const otherNos = [...new Set(rows.map((row) => row.member_no))].filter((memberNo) => memberNo !== keeper.member_no)
  return { memberNo: keeper.member_no, otherNos, growthValue, tier, entries: ledger.length }
}

const stateNames = { granted: '同意', refused: '不同意', withdrawn: '已撤回' } as const

type Standing = NonNullable<Awaited<ReturnType<typeof joinedStanding>>>

function memberEffects({ memberNo, otherNos, growthValue, tier, entries }: Standing): string[] {
  if (otherNos.length === 0) return [`会员号 ${memberNo} 保持不变，成长值与等级不变`]
  return [
    `保留会员号 ${memberNo}，${otherNos.join('、')} 并入后不再单独使用`,
    `成长值：合并 ${entries} 笔流水，近一周期共 ${growthValue}`,
    `等级：按合并后的流水重新计算，为${tierName(tier)}`,
  ]
}

/** What a merge would do, computed as the merge would do it, without doing it. @throws AppError `request.notFound` */
export async function getMergePreview(services: ReadServices, reader: Reader, reviewId: string): Promise<ResponseOf<typeof getMergePreviewContract>> {
  const { db, now } = services
  const [row] = await db.run<ReviewRow>(selectReview, [reviewId])
  if (row === undefined) throw new AppError('request.notFound')
  await readPersons(services, reader, 'identityReview.preview', reviewId, row.person_ids)
  const living = await db.run<{ person_id: string }>(selectLiving, [row.person_ids])
  const owners = await loadPersons(db, living.map((person) => person.person_id))
  const survivor = survivorOf(owners)
  if (survivor === undefined) throw new AppError('request.notFound')
  const personIds = owners.map((owner) => owner.personId)
  const [held] = await db.run<{ has_held: boolean }>(selectHeldMembers, [personIds])
  const [counts] = await db.run<{ contacts: number; timeline_entries: number }>(selectMergeCounts, [personIds])
  const standing = await joinedStanding(db, personIds, survivor.personId, now())
  const narrowed = resolveConsents(await loadStandings(db, personIds)).filter((consent) => consent.isNarrowed)
  const obstacle = row.state === 'open' ? obstacleTo(owners, held?.has_held ?? false) : '该事项已被处理'
  return {
    canMerge: obstacle === null,
    obstacle,
    survivorId: survivor.personId,
    memberNo: standing?.memberNo ?? null,
    growthValue: standing?.growthValue ?? 0,
    tierName: standing === null ? null : tierName(standing.tier),
    effects: [
      ...(standing === null ? [] : memberEffects(standing)),
      ...narrowed.map(({ purpose, state }) => `${purposeName(purpose)}：以较严格的一方为准（${stateNames[state]}）`),
      `企业微信客户：共 ${counts?.contacts ?? 0} 位归入合并后的档案，等级标签随后同步`,
      `时间线：共 ${counts?.timeline_entries ?? 0} 条合在一起，按时间排列`,
    ],
  }
}

interface MergeListRow {
  readonly merge_id: string
  readonly merged_at: Date
  readonly decided_by: string
  readonly survivor_id: string
  readonly absorbed_ids: readonly string[]
  readonly undone_at: Date | null
  readonly undone_by: string | null
  readonly moved_rows: number
  readonly can_undo: boolean
}

function presentMerge(row: MergeListRow, persons: ReadonlyMap<string, ReviewPerson>): Merge[] {
  const survivor = persons.get(row.survivor_id)
  if (survivor === undefined) return []
  return [
    {
      mergeId: row.merge_id,
      at: row.merged_at.toISOString(),
      decidedBy: row.decided_by === decidedByRule ? 'rule' : row.decided_by,
      survivor,
      absorbedPersonIds: [...row.absorbed_ids],
      movedRows: row.moved_rows,
      undoneAt: row.undone_at?.toISOString() ?? null,
      undoneBy: row.undone_by,
      canUndo: row.can_undo,
    },
  ]
}

/** The last 200 merges, newest first (R37). */
export async function listMerges(services: ReadServices, reader: Reader): Promise<Merge[]> {
  const rows = await services.db.run<MergeListRow>(selectMerges, [pageSize])
  const persons = await readPersons(services, reader, 'personMerge.list', 'personMerges', rows.map((row) => row.survivor_id))
  return rows.flatMap((row) => presentMerge(row, persons))
}

/** One merge. @throws AppError `request.notFound` */
export async function getMerge(services: ReadServices, reader: Reader, mergeId: string): Promise<Merge> {
  const rows = await services.db.run<MergeListRow>(selectMerge, [mergeId])
  const persons = await readPersons(services, reader, 'personMerge.read', mergeId, rows.map((row) => row.survivor_id))
  const [merge] = rows.flatMap((row) => presentMerge(row, persons))
  if (merge === undefined) throw new AppError('request.notFound')
  return merge
}

/**
 * How far silent linking has come (R39): linked members of linkable ones, in all and by binding mode. Linkable is a member whose contact
 * is known for sure: a mirrored contact carries one of the member's unionids, or a vendor's answer showed an identifier of the member with
 * it; evidence that somebody rejected does not count, nor does a token both came by. Linked is a member whose person holds a contact.
 */
export async function getConsistency({ db, env }: Pick<Services, 'db' | 'env'>): Promise<ResponseOf<typeof getConsistencyContract>> {
  const rows = await db.run<{ binding_mode: BindingMode; linkable: number; linked: number }>(selectConsistency, [unionIdNamespace(env), externalUserNamespace(env)])
  const [work] = await db.run<{ pending_links: number; open_reviews: number }>(selectOpenWork, [])
  const modes: BindingMode[] = ['forced', 'progressive', 'independent']
  const byMode = modes.map((bindingMode) => {
    const row = rows.find((found) => found.binding_mode === bindingMode)
    return { bindingMode, linkable: row?.linkable ?? 0, linked: row?.linked ?? 0 }
  })
  const linkable = byMode.reduce((sum, mode) => sum + mode.linkable, 0)
  const linked = byMode.reduce((sum, mode) => sum + mode.linked, 0)
  return { linkable, linked, rate: linkable === 0 ? null : linked / linkable, byMode, pendingLinks: work?.pending_links ?? 0, openReviews: work?.open_reviews ?? 0 }
}
