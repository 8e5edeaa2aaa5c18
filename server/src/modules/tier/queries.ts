import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import { explainTier, tierProgress, type getTierExplanation } from '@qihui/shared/tier'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { loadLedger, loadTierRules, type TierSubject } from './steps.ts'
import { selectContactTierSubject, selectOwnTierSubject } from './tables.ts'

type Explanation = ResponseOf<typeof getTierExplanation>
type TierServices = Pick<Services, 'db' | 'now' | 'env'>

/** Decisions a person is told about; older ones are in the ledger of events. */
const reasonLimit = 20

async function explain({ db, now }: TierServices, subject: TierSubject): Promise<Explanation> {
  const { standing, countsFrom, growthToKeep, reasons } = explainTier(await loadLedger(db, subject.member_id), await loadTierRules(db), subject.registered_at.toISOString(), now().toISOString())
  const progress = tierProgress(standing.growthValue, standing)
  return { tier: { ...progress, benefits: [...progress.benefits] }, since: standing.since, countsFrom, growthToKeep, reasons: reasons.slice(0, reasonLimit).map((reason) => ({ ...reason })) }
}

/** Why the person of this session has the tier, and what keeps it. @throws AppError `member.notFound` */
export async function getOwnTier(services: TierServices, actor: MemberActor): Promise<Explanation> {
  const known = [...(actor.unionId === null ? [] : [[unionIdNamespace(services.env), actor.unionId] as const]), [actor.namespace, actor.openId] as const]
  const [subject] = await services.db.run<TierSubject>(selectOwnTierSubject, [known.map(([namespace]) => namespace), known.map(([, value]) => value)])
  if (subject === undefined) throw new AppError('member.notFound')
  return explain(services, subject)
}

/** The same for a rep who is asked by their customer. @throws AppError `contact.notFollowing`, `member.notFound` */
export async function getContactTier(services: TierServices, actor: StaffActor, externalUserId: string): Promise<Explanation> {
  const [subject] = await services.db.run<{ member_id: string | null; registered_at: Date }>(selectContactTierSubject, [externalUserId, actor.staffUserId])
  if (subject === undefined) throw new AppError('contact.notFollowing')
  if (subject.member_id === null) throw new AppError('member.notFound', '该客户还不是会员')
  return explain(services, { member_id: subject.member_id, registered_at: subject.registered_at })
}
