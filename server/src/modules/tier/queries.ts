import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import { explainTier, tierProgress, tierRulesAt, type getOwnGrowthEntries, type getTierExplanation } from '@qihui/shared/tier'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { presentGrowthEntry, type GrowthEntryRow } from './present.ts'
import { loadLedger, loadTierRules, type TierSubject } from './steps.ts'
import { selectContactTierSubject, selectGrowthEntries, selectOwnTierSubject } from './tables.ts'

type Explanation = ResponseOf<typeof getTierExplanation>
type TierServices = Pick<Services, 'db' | 'now' | 'env' | 'tierRules'>

/** Decisions a person is told about; older ones are in the ledger of events. */
const reasonLimit = 20
/** Lines of the ledger on one page. */
const entriesPerPage = 20

async function explain({ db, now, tierRules }: TierServices, subject: TierSubject): Promise<Explanation> {
  const { standing, reasons, ladder, ...terms } = explainTier(await loadLedger(db, subject.member_id), await loadTierRules(db), subject.registered_at.toISOString(), now().toISOString())
  const progress = tierProgress(standing.growthValue, standing, (await tierRules.at(now())).ladder)
  return {
    tier: { ...progress, benefits: [...progress.benefits] },
    since: standing.since,
    ...terms,
    reasons: reasons.slice(0, reasonLimit).map((reason) => ({ ...reason })),
    ladder: ladder.map((step) => ({ ...step, benefits: [...step.benefits] })),
  }
}

/** @throws AppError `member.notFound` */
async function findOwn({ db, env }: TierServices, actor: MemberActor): Promise<TierSubject> {
  const known = [...(actor.unionId === null ? [] : [[unionIdNamespace(env), actor.unionId] as const]), [actor.namespace, actor.openId] as const]
  const [subject] = await db.run<TierSubject>(selectOwnTierSubject, [known.map(([namespace]) => namespace), known.map(([, value]) => value)])
  if (subject === undefined) throw new AppError('member.notFound')
  return subject
}

/** Why the person of this session has the tier, and what keeps it. @throws AppError `member.notFound` */
export async function getOwnTier(services: TierServices, actor: MemberActor): Promise<Explanation> {
  return explain(services, await findOwn(services, actor))
}

/** The ledger of the person of this session, one page, newest booking first. @throws AppError `member.notFound` */
export async function listOwnGrowthEntries(services: TierServices, actor: MemberActor, after: string | null): Promise<ResponseOf<typeof getOwnGrowthEntries>> {
  const { member_id: memberId } = await findOwn(services, actor)
  const at = services.now().toISOString()
  const { qualifyingMonths } = tierRulesAt(await loadTierRules(services.db), at)
  const rows = await services.db.run<GrowthEntryRow>(selectGrowthEntries, [memberId, after, entriesPerPage + 1])
  const shown = rows.slice(0, entriesPerPage)
  return { entries: shown.map((row) => presentGrowthEntry(row, qualifyingMonths, at)), next: rows.length > shown.length ? (shown.at(-1)?.growth_entry_id ?? null) : null }
}

/** The same for a rep who is asked by their customer. @throws AppError `contact.notFollowing`, `member.notFound` */
export async function getContactTier(services: TierServices, actor: StaffActor, externalUserId: string): Promise<Explanation> {
  const [subject] = await services.db.run<{ member_id: string | null; registered_at: Date }>(selectContactTierSubject, [externalUserId, actor.staffUserId])
  if (subject === undefined) throw new AppError('contact.notFollowing')
  if (subject.member_id === null) throw new AppError('member.notFound', '该客户还不是会员')
  return explain(services, { member_id: subject.member_id, registered_at: subject.registered_at })
}
