import { AppError } from '@qihui/shared/errors'
import { orderedFields, readAnswers, type AnswerValue, type FormField } from '@qihui/shared/form'
import { anonymiseAfterMonths, type OwnData, type OwnField } from '@qihui/shared/lifecycle'
import { memberFields } from '@qihui/shared/member'
import { tiers } from '@qihui/shared/tier'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { parsers } from '../form/parsers.ts'
import { columnsOf } from '../identity/steps.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { selectFieldsEverAsked, selectOwnAnswers, selectOwnIdentifiers, selectOwnMember, selectOwnRecords } from './ownTables.ts'

type OwnServices = Pick<Services, 'db' | 'env' | 'cipher' | 'forms' | 'now'>

/** The member behind a session, as stored. */
export interface OwnMember {
  readonly member_id: string
  readonly person_id: string
  readonly member_no: string
  readonly tier: string
  readonly growth_value: number
  readonly registered_at: Date
  readonly last_activity_at: Date
  readonly form_version: string
  readonly form_key: string
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer | null
  readonly channel_name: string | null
}

interface OwnAnswer {
  readonly field_key: string
  readonly value_sealed: Buffer
  readonly answered_at: Date
}

const retentionOf = (days: number) => `会员关系结束后 ${days} 天`
const asLongAsMember = `会员关系存续期间；归档满 ${anonymiseAfterMonths} 个月后匿名化`

/** Of a namespace, what the person is recognised by there. */
const namespaceLabels: readonly (readonly [string, string])[] = [
  ['mp-openid@', '小程序 openid'],
  ['oa-openid@', '公众号 openid'],
  ['corp-openid@', '企业微信 openid'],
  ['unionid@', '微信 unionid'],
  ['external-userid@', '企业微信外部联系人编号'],
]

/** @throws AppError `member.notFound` */
export async function requireOwnMember({ db, env }: Pick<Services, 'db' | 'env'>, actor: MemberActor): Promise<OwnMember> {
  const [member] = await db.run<OwnMember>(selectOwnMember, columnsOf(sessionIdentifiers(env, actor)))
  if (member === undefined) throw new AppError('member.notFound')
  return member
}

/** An answer as the person reads it: the label of a choice, the names of a region. */
function shownAnswer(field: FormField, value: AnswerValue): string {
  const { echo } = readAnswers({ fields: [{ ...field, visibleIf: undefined } as FormField] }, { [field.key]: value }, parsers)
  return echo[0]?.shown ?? String(value)
}

async function answerFields({ db, cipher }: OwnServices, member: OwnMember): Promise<OwnField[]> {
  const answers = await db.run<OwnAnswer>(selectOwnAnswers, [member.member_id])
  if (answers.length === 0) return []
  const key = cipher.openDataKey(dataKeyPlace(member.member_id), member.data_key_sealed)
  const asked = await db.run<{ field: FormField }>(selectFieldsEverAsked, [answers.map((answer) => answer.field_key)])
  const fields = new Map(orderedFields({ fields: asked.map(({ field }) => field) }).map((field) => [field.key, field]))
  return answers.map((answer) => {
    const value = JSON.parse(cipher.open(answerPlace(member.member_id, answer.field_key), answer.value_sealed, key)) as AnswerValue
    const field = fields.get(answer.field_key)
    return {
      key: answer.field_key,
      label: field?.label ?? answer.field_key,
      value: field === undefined ? String(value) : shownAnswer(field, value),
      purpose: field?.purpose ?? '填写时说明的用途',
      legalBasis: field?.legalBasis ?? 'consent',
      source: '您在登记表中填写',
      retention: field?.retentionDays === undefined ? asLongAsMember : retentionOf(field.retentionDays),
      answer: value,
    }
  })
}

function memberFieldsOf({ cipher }: OwnServices, member: OwnMember): OwnField[] {
  const phone = member.phone_sealed && cipher.open(phonePlace(member.member_id), member.phone_sealed, cipher.openDataKey(dataKeyPlace(member.member_id), member.data_key_sealed))
  const listed = [
    [memberFields.memberNo, member.member_no, '注册时由系统生成'],
    [memberFields.phone, phone, '经您授权由微信提供'],
    [memberFields.registeredAt, member.registered_at.toISOString(), '注册时由系统记录'],
    [memberFields.channelName, member.channel_name, '您入会时扫码或点击的入口'],
  ] as const
  const catalogued = listed.flatMap(([{ key, label, purpose, legalBasis, retentionDays }, value, source]) =>
    value === null ? [] : [{ key, label, value, purpose, legalBasis, source, retention: retentionOf(retentionDays), answer: null }])
  const tier = tiers.find(({ code }) => code === member.tier)?.name ?? member.tier
  const derived = [
    ['tier', '会员等级', tier],
    ['growthValue', '成长值', String(member.growth_value)],
    ['lastActivityAt', '最近使用时间', member.last_activity_at.toISOString()],
  ].map(([key = '', label = '', value = '']) => ({ key, label, value, purpose: '计算等级与权益', legalBasis: 'contract' as const, source: '根据您的消费与使用记录计算', retention: asLongAsMember, answer: null }))
  return [...catalogued, ...derived]
}

async function identifierFields({ db }: OwnServices, member: OwnMember): Promise<OwnField[]> {
  const rows = await db.run<{ namespace: string; value: string }>(selectOwnIdentifiers, [member.person_id])
  return rows.map(({ namespace, value }) => ({
    key: namespace.split('@')[0] ?? namespace,
    label: namespaceLabels.find(([prefix]) => namespace.startsWith(prefix))?.[1] ?? '身份标识',
    value,
    purpose: '保持登录状态，识别您在本企业各入口的同一身份',
    legalBasis: 'contract',
    source: '您打开小程序或添加员工时由微信、企业微信提供',
    retention: asLongAsMember,
    answer: null,
  }))
}

/** Everything we keep about the person behind a session, raw: it is theirs (PIPL 45). @throws AppError `member.notFound` */
export async function getOwnData(services: OwnServices, actor: MemberActor): Promise<OwnData> {
  const member = await requireOwnMember(services, actor)
  const fields = [...memberFieldsOf(services, member), ...(await answerFields(services, member)), ...(await identifierFields(services, member))]
  const [counts] = await services.db.run<{ growth: number; consents: number; timeline: number; messages: number; looks: number }>(selectOwnRecords, [member.person_id, member.member_id])
  const { definition } = await services.forms.inForce(member.form_key, services.now())
  const { growth = 0, consents = 0, timeline = 0, messages = 0, looks = 0 } = counts ?? {}
  return {
    fields,
    // Conditions are left out: every answer can be corrected by itself.
    correctable: definition.fields.filter(({ confirmation }) => confirmation !== 'code').map(({ visibleIf: _always, ...field }) => field),
    records: [
      { label: '成长值明细', count: growth, retention: '注销后只保留金额，不再与您关联' },
      { label: '同意记录', count: consents, retention: '作为证明保存 3 年，注销后去除微信标识' },
      { label: '互动记录', count: timeline, retention: asLongAsMember },
      { label: '发给您的短信与邮件', count: messages, retention: '180 天' },
      { label: '员工查看您的资料', count: looks, retention: '审计记录至少保存 6 个月' },
    ],
  }
}
