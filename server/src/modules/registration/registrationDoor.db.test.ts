import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { FormField } from '@qihui/shared/form'
import type { IdentifierNamespace } from '@qihui/shared/identity'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import type { VerifiedPhone } from '../../wechat/wechat.ts'
import { grantConsent, withdrawConsent } from '../consent/commands.ts'
import { publishForm } from '../form/commands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { getDraft, saveDraft } from './drafts.ts'
import { registrationDoor, type RegistrationRequest } from './registrationDoor.ts'

interface SentSms {
  readonly to: string
  readonly text: string
}

let services: TestServices
const sent: SentSms[] = []
/** Codes WeChat has not seen yet, and how often one was paid for. */
const codes = new Map<string, VerifiedPhone>()
let paid = 0

beforeAll(async () => {
  services = await createTestServices({ sms: { send: async (sms) => void sent.push(sms), probe: async () => ({ outcome: 'ok', value: null }) } })
  Object.assign(services, {
    wechat: {
      ...services.wechat,
      phoneOfCode: async (code: string) => {
        const phone = codes.get(code)
        if (phone === undefined) throw new AppError('phone.codeInvalid')
        codes.delete(code)
        paid += 1
        return phone
      },
    },
  })
})
afterAll(() => services.close())
beforeEach(() => {
  sent.length = 0
  paid = 0
  // Each case has its own hour: crowds of one case are none of the next.
  services.clock.at = new Date(services.clock.at.getTime() + 2 * 3_600_000)
})

let people = 0
function person(namespace: IdentifierNamespace = miniProgramNamespace(services.env)): MemberActor {
  people += 1
  return { kind: 'member', sessionId: randomUUID(), namespace, openId: `o-door-${people}`, unionId: `u-door-${people}`, externalUserId: null }
}

async function consentOf(actor: MemberActor): Promise<string[]> {
  return (await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })).consentIds
}

function phoneCode(number = `139${String(people * 10_007).padStart(8, '0').slice(-8)}`): string {
  const code = randomUUID()
  codes.set(code, { phoneNumber: number, countryCode: '86' })
  return code
}

function request(actor: MemberActor, body: Partial<RegistrationRequest['body']> & { readonly consentIds: string[] }, key = randomUUID()): RegistrationRequest {
  const filled = { policyVersion: '2026-01', formVersion: '2026-01', answers: {}, confirmed: {}, ...body }
  return { actor, body: filled, call: { scope: `register:${actor.openId}`, key, requestHash: Buffer.from('same') }, ip: `10.${people % 250}.${Math.floor(people / 250)}.9`, userAgent: 'test' }
}

const one = async <Row>(text: string, values: unknown[] = []) => (await services.db.pool.query(text, values)).rows[0] as Row

describe('registrationDoor', () => {
  it('spends one phone code for twins of one key, also while the first is still waiting for WeChat', async () => {
    let asked = 0
    let answer: (phone: VerifiedPhone) => void = () => {}
    const waiting = new Promise<VerifiedPhone>((resolve) => (answer = resolve))
    const phoneOfCode = () => {
      asked += 1
      return waiting
    }
    const register = registrationDoor({ ...services, wechat: { ...services.wechat, phoneOfCode } })
    const actor = person()
    const twin = request(actor, { consentIds: await consentOf(actor), phoneCode: 'code' })
    const twins = [register(twin), register(twin)]
    answer({ phoneNumber: '13800001111', countryCode: '86' })
    const [first, second] = await Promise.all(twins)
    expect(asked).toBe(1)
    expect(second).toEqual(first)
  })

  it('makes one member of fifty requests with one code, and pays for it once', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const body = { consentIds: await consentOf(actor), phoneCode: phoneCode() }
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => register(request(actor, body))))
    const members = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    expect(members.filter(({ outcome }) => outcome === 'registered')).toHaveLength(1)
    expect(new Set(members.map(({ member }) => member.memberId)).size).toBe(1)
    expect(paid).toBe(1)
    const stranger = person()
    await expect(register(request(stranger, { consentIds: await consentOf(stranger), phoneCode: body.phoneCode }))).rejects.toMatchObject({ code: 'phone.codeInvalid' })
  })

  it('gives the first answer to the same key, although its code is spent', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const again = request(actor, { consentIds: await consentOf(actor), phoneCode: phoneCode() })
    const first = await register(again)
    expect(await register(again)).toEqual(first)
    expect(paid).toBe(1)
  })

  it('keeps a verified phone for the next try, whatever refuses this one, and asks for no other', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    for (let other = 0; other < 21; other += 1) {
      const busy = person()
      await register({ ...request(busy, { consentIds: await consentOf(busy), phoneCode: phoneCode() }), ip: '192.0.2.1' }).catch(() => {})
    }
    paid = 0
    await expect(register({ ...request(actor, { consentIds, phoneCode: phoneCode() }), ip: '192.0.2.1' })).rejects.toMatchObject({ code: 'risk.challenge' })
    const { draft } = await getDraft(services, actor)
    expect(draft).toMatchObject({ hasPhone: true, isChallenged: true, consentIds })
    const code = /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? ''
    const wrong = code === '000000' ? '111111' : '000000'
    await expect(register({ ...request(actor, { consentIds, challengeCode: wrong }), ip: '192.0.2.1' })).rejects.toMatchObject({ code: 'challenge.codeInvalid' })
    const done = await register({ ...request(actor, { consentIds, challengeCode: code }), ip: '192.0.2.1' })
    expect(done).toMatchObject({ outcome: 'registered', member: { isHeld: false } })
    expect(paid).toBe(1)
    expect((await getDraft(services, actor)).draft).toMatchObject({ hasPhone: false })
  })

  it('takes no more than five tries of a check code', async () => {
    const register = registrationDoor(services)
    const tried = person()
    const consentIds = await consentOf(tried)
    for (let other = 0; other < 21; other += 1) {
      const busy = person()
      await register({ ...request(busy, { consentIds: await consentOf(busy), phoneCode: phoneCode() }), ip: '192.0.2.2' }).catch(() => {})
    }
    await expect(register({ ...request(tried, { consentIds, phoneCode: phoneCode() }), ip: '192.0.2.2' })).rejects.toMatchObject({ code: 'risk.challenge' })
    const code = /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? ''
    const wrong = code === '000000' ? '111111' : '000000'
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(register({ ...request(tried, { consentIds, challengeCode: wrong }), ip: '192.0.2.2' })).rejects.toMatchObject({ code: 'challenge.codeInvalid' })
    }
    await expect(register({ ...request(tried, { consentIds, challengeCode: code }), ip: '192.0.2.2' })).rejects.toMatchObject({ code: 'challenge.codeInvalid' })
  })

  it('refuses without a standing consent of this session, before a phone is paid for', async () => {
    const register = registrationDoor(services)
    const [actor, stranger] = [person(), person()]
    const foreign = await consentOf(stranger)
    await expect(register(request(actor, { consentIds: foreign, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'consent.required' })
    const own = await consentOf(actor)
    await withdrawConsent(services, actor, ['membership'])
    await expect(register(request(actor, { consentIds: own, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'consent.required' })
    expect(paid).toBe(0)
  })

  it('refuses versions that are not in force, and a missing phone', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    await expect(register(request(actor, { consentIds, policyVersion: '2020-01' }))).rejects.toMatchObject({ code: 'consent.policyOutdated' })
    await expect(register(request(actor, { consentIds, formVersion: '2020-01' }))).rejects.toMatchObject({ code: 'form.outdated' })
    await expect(register(request(actor, { consentIds }))).rejects.toMatchObject({ code: 'phone.required' })
  })

  it('registers without a phone on the invite page', async () => {
    const register = registrationDoor(services)
    const actor = person('oa-openid@wxoa')
    const done = await register(request(actor, { consentIds: await consentOf(actor) }))
    expect(done).toMatchObject({ outcome: 'registered', member: { phoneMasked: null, isConfirmed: true } })
    expect(await one(`select source from identity_edge where a_value = $1 or b_value = $1`, [actor.openId])).toEqual({ source: 'oauth' })
  })

  it('challenges when the counters cannot be asked, and keeps the phone all the same', async () => {
    const broken = { ...services, db: { ...services.db, runInSet: ((statement, run) => (statement.name === 'risk_count_attempts' ? Promise.reject(new Error('down')) : services.db.runInSet(statement, run))) as TestServices['db']['runInSet'] } }
    const actor = person()
    const consentIds = await consentOf(actor)
    await expect(registrationDoor(broken)(request(actor, { consentIds, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'risk.challenge' })
    expect((await getDraft(services, actor)).draft).toMatchObject({ hasPhone: true })
    const held = person()
    const done = await registrationDoor({ ...broken, sms: null })(request(held, { consentIds: await consentOf(held), phoneCode: phoneCode() }))
    expect(done.member).toMatchObject({ isHeld: true, tier: { growthValue: 0 } })
    expect(await one('select reasons from risk_decision where member_id = $1', [done.member.memberId])).toEqual({ reasons: ['风险评估暂时不可用'] })
  })

  it('recovers a member without paying for another phone', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    const { member } = await register(request(actor, { consentIds, phoneCode: phoneCode() }))
    paid = 0
    expect(await register(request(actor, { consentIds, phoneCode: phoneCode() }))).toMatchObject({ outcome: 'recovered', member: { memberId: member.memberId } })
    expect(paid).toBe(0)
  })
})

describe('answers', () => {
  const fields: FormField[] = [
    { key: 'phone', label: '手机号', type: 'phone', class: 'N', purpose: '会员身份确认', legalBasis: 'consent', retentionDays: 180, isRequired: true, step: 1, confirmation: 'code' },
    { key: 'birthday', label: '生日', type: 'date', class: 'N', purpose: '生日礼遇', legalBasis: 'consent', retentionDays: 180, isRequired: true, step: 1, confirmation: 'echo' },
    { key: 'allergy', label: '过敏史', type: 'text', class: 'S', purpose: '产品推荐', legalBasis: 'consent', retentionDays: 180, assessmentId: 'PIA-7', isRequired: false, step: 2, confirmation: 'none' },
  ]
  const operator = staffWithoutSession('manager.wu', '吴敏', true)
  let token: string
  let formVersion: string

  beforeAll(async () => {
    formVersion = (await publishForm(services, operator, { formKey: 'door', name: '门店', replaces: null, definition: { fields } })).version
    token = 'formformformformformfo'
    await services.db.pool.query(`insert into channel (channel_id, token, kind, name, state, form_key, created_at) values ($1, $2, 'scan', '门店', 'ready', 'door', now())`, [randomUUID(), token])
  })

  it('keeps what was typed for a day, echoes how it was understood, and registers what was confirmed', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    const saved = await saveDraft(services, actor, { channelToken: token, formVersion, answers: { birthday: '１９９０年3月5日', nickname: 'x' } })
    expect(saved.problems.map(({ key }) => key)).toEqual(['nickname'])
    const shown = saved.echo.find(({ key }) => key === 'birthday')?.shown ?? ''
    expect((await getDraft(services, actor)).draft).toMatchObject({ channelToken: token, formVersion, answers: { birthday: '１９９０年3月5日' }, consentIds, hasPhone: false })
    const body = { consentIds, formVersion, channelToken: token, answers: { birthday: '１９９０年3月5日' } }
    await expect(register(request(actor, { ...body, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'form.unconfirmed' })
    await expect(register(request(actor, { ...body, confirmed: { birthday: '1990-05-03' }, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'form.unconfirmed' })
    expect(paid).toBe(0)
    const done = await register(request(actor, { ...body, confirmed: { birthday: shown }, phoneCode: phoneCode() }))
    const answer = await one<{ field_key: string; value_sealed: Buffer; form_version: string }>('select field_key, value_sealed, form_version from member_answer where member_id = $1', [done.member.memberId])
    expect(answer).toMatchObject({ field_key: 'birthday', form_version: formVersion })
    expect(answer.value_sealed.includes(Buffer.from('1990'))).toBe(false)
    services.clock.at = new Date(services.clock.at.getTime() + 25 * 3_600_000)
    expect((await getDraft(services, actor)).draft).toMatchObject({ answers: {} })
  })

  it('names each answer that has to change, and asks for the form of the channel', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    await expect(register(request(actor, { consentIds, channelToken: token }))).rejects.toMatchObject({ code: 'form.outdated' })
    await expect(register(request(actor, { consentIds, formVersion, channelToken: token, answers: { colour: 'red' } }))).rejects.toMatchObject({
      code: 'request.invalid',
      errors: [{ path: 'body.answers.colour' }, { path: 'body.answers.birthday' }],
    })
  })

  it('takes a sensitive answer only with a consent of its own', async () => {
    const register = registrationDoor(services)
    const actor = person()
    const consentIds = await consentOf(actor)
    const saved = await saveDraft(services, actor, { formVersion, answers: { birthday: '1990-03-05', allergy: '青霉素' } })
    const body = { formVersion, channelToken: token, answers: { birthday: '1990-03-05', allergy: '青霉素' }, confirmed: Object.fromEntries(saved.echo.map(({ key, shown }) => [key, shown])) }
    await expect(register(request(actor, { ...body, consentIds, phoneCode: phoneCode() }))).rejects.toMatchObject({ code: 'consent.required', errors: [{ path: 'body.answers.allergy' }] })
    const own = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['sensitive:allergy'] })
    expect(await register(request(actor, { ...body, consentIds: [...consentIds, ...own.consentIds], phoneCode: phoneCode() }))).toMatchObject({ outcome: 'registered' })
  })
})
