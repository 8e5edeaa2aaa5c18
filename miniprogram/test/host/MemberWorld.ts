import type { getOwnBenefits } from '@qihui/shared/benefit'
import { purposeTexts, type PurposeText } from '@qihui/shared/consent'
import type { RegistrationEntry } from '@qihui/shared/registration'
import type { ErrorCode } from '@qihui/shared/errors'
import { asTyped, readAnswers, unconfirmedKeys, type FormField, type RawAnswers } from '@qihui/shared/form'
import { firstGrowthRules } from '@qihui/shared/growth'
import type { MemberSelf } from '@qihui/shared/member'
import type { ResponseOf } from '@qihui/shared/http'
import { tierProgress, tiers } from '@qihui/shared/tier'

type Body = Record<string, unknown>
type Channel = NonNullable<RegistrationEntry['channel']>

/** A refusal with the fields it names. */
export interface Refusal {
  readonly code: ErrorCode
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** One consent as the server keeps it. */
interface Consent {
  readonly consentId: string
  readonly purpose: string
  readonly policyVersion: string
  readonly decision: 'granted' | 'refused'
  withdrawnAt: string | null
}

const tier = tierProgress(firstGrowthRules.registration)
const policySections = [{ heading: '我们收集什么', paragraphs: ['入会时收集您的手机号。'] }]
const at = '2026-11-22T03:00:00.000Z'
/** The six digits of every SMS here. */
export const smsCode = '246810'

export const phoneField: FormField = { key: 'phone', label: '手机号', type: 'phone', class: 'N', purpose: '会员身份确认与服务联系', legalBasis: 'consent', retentionDays: 180, isRequired: true, step: 1, confirmation: 'code' }

/** What the server keeps and decides, as far as the screens can tell; the rules of forms are the shared ones. */
export class MemberWorld {
  policyVersion = '2026-11'
  /** Versions that are materially different from the ones before them. */
  materialVersions: readonly string[] = []
  formVersion = '1'
  fields: readonly FormField[] = [phoneField]
  channel: Channel | null = { token: 'Scan0Token0Scan0Token0', name: '收银台海报', storeName: '南京西路店', staffName: '李敏', kind: 'scan', state: 'open', bindingMode: 'progressive' }
  isMember = false
  outcome: 'registered' | 'recovered' = 'registered'
  /** Registrations wait for the code of an SMS. */
  isRisky = false
  /** Refusals of optional purposes count: nobody may ask. */
  mayAskOptional = true
  member: MemberSelf = {
    memberId: '0190b6f0-0000-7000-8000-000000000001',
    memberNo: 'M2026000001',
    tier: { ...tier, benefits: [...tier.benefits] },
    phoneMasked: '138****1111',
    isHeld: false,
    isConfirmed: true,
    registeredAt: at,
    adviser: { name: '李敏' },
  }
  benefits: ResponseOf<typeof getOwnBenefits> = {
    isWaiting: false,
    held: [{ code: 'memberPrice', kind: 'service', name: '会员专享价', description: '指定商品享受会员价', since: '2026-11-22' }],
    next: [],
    coupons: [],
    adviser: null,
  }
  /** Phone codes WeChat was asked about: each one costs. */
  phoneCharges = 0
  smsSent = 0
  readonly consents: Consent[] = []
  private answers: RawAnswers = {}
  private savedForm: string | null = null
  private hasPhone = false
  private isChallenged = false
  private readonly answered = new Map<string, object>()

  /** An earlier attempt got as far as the phone. */
  keepPhone(): void {
    this.hasPhone = true
  }

  get policy(): { version: string; title: string; summary: string[] } {
    return { version: this.policyVersion, title: '企会会员隐私政策', summary: ['入会只需手机号', '用于识别会员与服务联系', '不会提供给第三方', '随时可以撤回同意', '可以要求删除'] }
  }

  answer(route: string, body: Body, key: string): object | ErrorCode | Refusal {
    switch (route) {
      case 'GET /api/registrations/entry':
        return { brandName: '企会', tiers, registrationGrowth: firstGrowthRules.registration, policy: this.policy, channel: this.channel, form: { version: this.formVersion, fields: this.fields } }
      case 'POST /api/registrations/visits':
        return { isRecorded: true }
      case 'GET /api/registrations/draft':
        return { draft: this.draft }
      case 'PUT /api/registrations/draft':
        return this.saveDraft(body)
      case 'POST /api/members/registrations':
        return this.register(body, key)
      case 'GET /api/members/me':
        return this.isMember ? this.member : 'member.notFound'
      case 'GET /api/members/me/benefits':
        return this.isMember ? this.benefits : 'member.notFound'
      case 'GET /api/members/me/code':
        return { code: '880012345678', imageDataUrl: 'data:image/png;base64,iVBORw0KGgo=', expiresAt: new Date(Date.now() + 60_000).toISOString() }
      case 'POST /api/members/key-acts':
        return { isQueued: true }
      case 'GET /api/policies/:version':
        return { version: this.policyVersion, title: this.policy.title, publishedAt: '2026-11-01', textHash: 'hash', diffClass: 'material', sections: policySections }
      default:
        return this.consentAnswer(route, body)
    }
  }

  private consentAnswer(route: string, body: Body): object | ErrorCode {
    const purposes = (body['purposes'] ?? []) as string[]
    switch (route) {
      case 'POST /api/consents':
        if (body['policyVersion'] !== this.policyVersion) return 'consent.policyOutdated'
        return { consentIds: purposes.map((purpose) => this.decide(purpose, 'granted')), policyVersion: this.policyVersion }
      case 'POST /api/consents/refusals':
        for (const purpose of purposes) this.decide(purpose, 'refused')
        return { isRecorded: true }
      case 'POST /api/consents/withdrawals':
        for (const consent of this.consents) if (purposes.includes(consent.purpose)) consent.withdrawnAt = at
        return { withdrawn: purposes }
      case 'GET /api/consents/me':
        return { policy: this.policy, purposes: purposeTexts.map((text) => this.standing(text)) }
      default:
        return { records: this.consents.map((consent) => ({ ...consent, textHash: 'b5bb9d8014a0f9b1', at, channelName: '收银台海报', evidence: 'miniProgram' })) }
    }
  }

  private decide(purpose: string, decision: Consent['decision']): string {
    const consentId = `0190b6f0-0000-7000-8000-${String(this.consents.length + 1).padStart(12, '0')}`
    this.consents.push({ consentId, purpose, policyVersion: this.policyVersion, decision, withdrawnAt: null })
    return consentId
  }

  private isStale(version: string): boolean {
    return version !== this.policyVersion && this.materialVersions.includes(this.policyVersion)
  }

  private standing({ purpose, label, explanation }: PurposeText): object {
    const last = this.consents.filter((consent) => consent.purpose === purpose).at(-1)
    const state = last === undefined ? 'none' : last.withdrawnAt !== null ? 'withdrawn' : last.decision
    const isStale = state === 'granted' && this.isStale(last?.policyVersion ?? '')
    const mayAsk = purpose === 'membership' ? isStale || state === 'none' : this.mayAskOptional && (state === 'none' || isStale)
    return { purpose, label, explanation, state, policyVersion: last?.policyVersion ?? null, at: last === undefined ? null : at, mayAsk, isStale }
  }

  private get standingIds(): string[] {
    return this.consents.filter(({ decision, withdrawnAt, policyVersion }) => decision === 'granted' && withdrawnAt === null && (policyVersion === this.policyVersion || !this.isStale(policyVersion))).map(({ consentId }) => consentId)
  }

  private get draft(): object | null {
    const consentIds = this.standingIds
    if (consentIds.length === 0 && this.savedForm === null && !this.hasPhone) return null
    const { hasPhone, isChallenged } = this
    return { channelToken: null, formVersion: this.savedForm, answers: this.answers, consentIds, consentedAt: consentIds.length === 0 ? null : at, hasPhone, phoneMasked: hasPhone ? '138****1111' : null, isChallenged }
  }

  private saveDraft(body: Body): object | ErrorCode {
    if (body['formVersion'] !== this.formVersion) return 'form.outdated'
    this.answers = body['answers'] as RawAnswers
    this.savedForm = this.formVersion
    const read = readAnswers({ fields: [...this.fields] }, this.answers, asTyped)
    return { echo: read.echo, problems: read.problems.filter(({ kind }) => kind !== 'missing').map(({ key, message }) => ({ key, message })) }
  }

  private register(body: Body, key: string): object | ErrorCode | Refusal {
    const before = this.answered.get(key)
    if (before !== undefined) return before
    if (body['policyVersion'] !== this.policyVersion) return 'consent.policyOutdated'
    if (body['formVersion'] !== this.formVersion) return 'form.outdated'
    if (!(body['consentIds'] as string[]).some((id) => this.standingIds.includes(id))) return 'consent.required'
    const read = readAnswers({ fields: [...this.fields] }, (body['answers'] ?? {}) as RawAnswers, asTyped)
    if (read.problems.length > 0) return { code: 'request.invalid', errors: read.problems.map(({ key: field, message }) => ({ path: `body.answers.${field}`, message })) }
    if (unconfirmedKeys(read, (body['confirmed'] ?? {}) as Record<string, string>).length > 0) return 'form.unconfirmed'
    if (body['phoneCode'] !== undefined && !this.hasPhone) {
      this.phoneCharges += 1
      this.hasPhone = true
    }
    const isConfirmation = (this.channel?.kind === 'confirmation' && this.channel.state === 'open') || (this.isMember && !this.member.isConfirmed)
    if (!this.hasPhone && !isConfirmation) return 'phone.required'
    if (isConfirmation) this.member = { ...this.member, isConfirmed: true }
    return this.challenge(body['challengeCode']) ?? this.admit(key)
  }

  private challenge(code: unknown): ErrorCode | null {
    if (!this.isRisky || code === smsCode) return null
    if (code !== undefined) return 'challenge.codeInvalid'
    this.isChallenged = true
    this.smsSent += 1
    return 'risk.challenge'
  }

  private admit(key: string): object {
    this.isMember = true
    const answer = { outcome: this.outcome, member: this.member }
    this.answered.set(key, answer)
    return answer
  }
}
