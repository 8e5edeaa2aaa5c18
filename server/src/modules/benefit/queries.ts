import { benefitRulesAt, benefitStanding, type BenefitGrant, type BenefitPeriod, type getContactBenefits as getContactBenefitsContract, type getOwnBenefits as getOwnBenefitsContract } from '@qihui/shared/benefit'
import { AppError } from '@qihui/shared/errors'
import type { ResponseOf } from '@qihui/shared/http'
import { localDateOf } from '@qihui/shared/tier'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { selectAdviser } from './adviserTables.ts'
import { presentCoupon, presentStanding, type CouponRow } from './present.ts'
import { loadBenefitRules } from './steps.ts'
import { countUsableCoupons, selectContactSubject, selectCoupons, selectGrants, selectOwnSubject } from './tables.ts'

type BenefitServices = Pick<Services, 'db' | 'now'>

interface SubjectRow {
  readonly member_id: string
  readonly tier: BenefitPeriod['tier']
  readonly period_on: string
  readonly is_waiting: boolean
}

interface GrantRow {
  readonly benefit: string
  readonly period_on: string
  readonly granted_on: string
  readonly is_ended: boolean
}

interface AdviserRow {
  readonly staff_user_id: string
  readonly name: string
  readonly since: Date
  readonly url: string | null
}

async function standingOf({ db, now }: BenefitServices, subject: SubjectRow) {
  const at = now().toISOString()
  const rows = await db.run<GrantRow>(selectGrants, [subject.member_id])
  const grants = rows.map((row): BenefitGrant => ({ benefit: row.benefit, periodOn: row.period_on, grantedOn: row.granted_on, isEnded: row.is_ended }))
  const rules = benefitRulesAt(await loadBenefitRules(db), at)
  return presentStanding(benefitStanding(rules, { tier: subject.tier, startedOn: subject.period_on }, localDateOf(at), grants))
}

/** What the person of this session has and what comes next. @throws AppError `member.notFound` */
export async function getOwnBenefits(services: BenefitServices & Pick<Services, 'cipher' | 'env'>, actor: MemberActor): Promise<ResponseOf<typeof getOwnBenefitsContract>> {
  const { db, now, cipher, env } = services
  const identifiers = sessionIdentifiers(env, actor)
  const [subject] = await db.run<SubjectRow>(selectOwnSubject, [identifiers.map(({ namespace }) => namespace), identifiers.map(({ value }) => value)])
  if (subject === undefined) throw new AppError('member.notFound')
  if (subject.is_waiting) return { isWaiting: true, held: [], next: [], coupons: [], adviser: null }
  const at = now()
  const coupons = await db.run<CouponRow>(selectCoupons, [subject.member_id, at])
  const [adviser] = await db.run<AdviserRow>(selectAdviser, [subject.member_id])
  return {
    isWaiting: false,
    ...(await standingOf(services, subject)),
    coupons: coupons.map((row) => presentCoupon(cipher, row, at.toISOString())),
    adviser: adviser === undefined ? null : { name: adviser.name, since: adviser.since.toISOString(), contactWayUrl: adviser.url },
  }
}

/** The same for a rep who serves the customer, without codes. @throws AppError `contact.notFollowing`, `member.notFound` */
export async function getContactBenefits(services: BenefitServices, actor: StaffActor, externalUserId: string): Promise<ResponseOf<typeof getContactBenefitsContract>> {
  const { db, now } = services
  const [subject] = await db.run<SubjectRow & { readonly member_id: string | null }>(selectContactSubject, [externalUserId, actor.staffUserId])
  if (subject === undefined) throw new AppError('contact.notFollowing')
  if (subject.member_id === null) throw new AppError('member.notFound', '该客户还不是会员')
  if (subject.is_waiting) return { isWaiting: true, held: [], next: [], usableCoupons: 0, adviserName: null, isOwnAdviser: false }
  const [coupons] = await db.run<{ usable: number }>(countUsableCoupons, [subject.member_id, now()])
  const [adviser] = await db.run<AdviserRow>(selectAdviser, [subject.member_id])
  return {
    isWaiting: false,
    ...(await standingOf(services, subject)),
    usableCoupons: coupons?.usable ?? 0,
    adviserName: adviser?.name ?? null,
    isOwnAdviser: adviser?.staff_user_id === actor.staffUserId,
  }
}
