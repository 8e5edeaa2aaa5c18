import { randomUUID } from 'node:crypto'
import type { ConsentStandings } from '@qihui/shared/consent'
import type { FormDefinition, FormField } from '@qihui/shared/form'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, openMiniProgram, type ProductAnswer } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

let product: RunningServer
let operator: Record<string, string>
beforeAll(async () => {
  product = await startServer({ withWorker: false })
  operator = { cookie: await staffCookieOf(product, 'manager.wu'), origin: product.url }
})
afterAll(() => product.close())

const post = (path: string, body: object) => call(product, 'POST', path, { ...operator, 'idempotency-key': randomUUID() }, body)
function field(key: string, label: string, type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { key, label, type, class: 'N', purpose: '提供生日礼遇', legalBasis: 'consent', retentionDays: 180, isRequired: false, step: 1, confirmation: 'none', ...more }
}
const phone = field('phone', '手机号', 'phone', { isRequired: true, confirmation: 'code' })
const birthday = field('birthday', '生日', 'date', { isRequired: true, confirmation: 'echo' })
const allergy = field('allergy', '过敏史', 'text', { class: 'S', assessmentId: 'PIA-2026-01', step: 2 })

async function inForce(): Promise<string> {
  const { body } = await call(product, 'GET', '/api/registrations/entry', {})
  return (body['form'] as { version: string }).version
}
const publish = async (definition: FormDefinition): Promise<ProductAnswer> => post('/api/console/forms/default/versions', { replaces: await inForce(), definition })
const problems = (answer: ProductAnswer) => answer.body['errors'] as { path: string; message: string }[]

describe('a form that is published', () => {
  it('is shown by its problems before, and refused with them', async () => {
    const definition = { fields: [phone, { ...birthday, purpose: undefined }, field('memberNo', '编号', 'text')] }
    const checked = await post('/api/console/forms/default/check', { definition })
    expect(checked.status).toBe(200)
    expect(checked.body['diff']).toEqual({ added: ['birthday', 'memberNo'], removed: [], changed: ['phone'], addsSensitive: false })
    const refused = await publish(definition)
    expect(refused).toMatchObject({ status: 422, body: { code: 'form.unpublishable' } })
    expect(problems(refused).map(({ path }) => path)).toEqual(['body.definition.fields.1', 'body.definition.fields.2'])
  })

  it('is asked at once, understood, confirmed, and its sensitive field only with a consent of its own', async () => {
    const before = await openMiniProgram(product, 'p001')
    expect((await publish({ fields: [phone, birthday, allergy] })).status).toBe(201)
    const joining = await openMiniProgram(product, 'p002')
    const formVersion = joining.entry.form.version
    expect(formVersion).toBe('default.2')
    const answers = { birthday: '1990年3月5日', allergy: '花生' }
    const saved = await call(product, 'PUT', '/api/registrations/draft', joining.headers, { formVersion, answers })
    expect(saved.body['echo']).toContainEqual({ key: 'birthday', label: '生日', shown: '1990年3月5日' })
    const confirmed = { birthday: '1990年3月5日' }
    const consentIds = await joining.consent()
    expect(await joining.register(consentIds, { answers: { ...answers, birthday: '03/04/1990' }, confirmed })).toMatchObject({ status: 422, body: { code: 'request.invalid' } })
    expect(await joining.register(consentIds, { answers })).toMatchObject({ status: 422, body: { code: 'form.unconfirmed' } })
    expect(await joining.register(consentIds, { answers, confirmed })).toMatchObject({ status: 422, body: { code: 'consent.required' } })
    const separate = await joining.consent(['sensitive:allergy'])
    expect((await joining.register([...consentIds, ...separate], { answers, confirmed })).status).toBe(201)
    // The form that was on the screen when the new one came is still taken.
    expect((await before.register(await before.consent())).status).toBe(201)
  })
})

describe('a policy that changes', () => {
  const policyText = { title: '会员隐私政策', summary: ['要点'], sections: [{ heading: '一、说明', paragraphs: ['正文'] }] }
  const standingsOf = async (headers: Readonly<Record<string, string>>) => (await call(product, 'GET', '/api/consents/me', headers)).body as unknown as ConsentStandings
  const standing = async (headers: Readonly<Record<string, string>>, purpose: string) => (await standingsOf(headers)).purposes.find((each) => each.purpose === purpose)

  it('asks again only when the change is material, and the old yes stays provable', async () => {
    const joining = await openMiniProgram(product, 'p003')
    const given = joining.entry.policy.version
    const consentIds = await joining.consent(['membership', 'marketing'])
    const minor = await post('/api/console/policies', { ...policyText, version: '2026-11', replaces: given, diffClass: 'minor' })
    expect(minor.status).toBe(201)
    expect(await standing(joining.headers, 'membership')).toMatchObject({ state: 'granted', isStale: false, mayAsk: false })
    const material = await post('/api/console/policies', { ...policyText, summary: ['新的用途'], version: '2026-12', replaces: '2026-11', diffClass: 'material' })
    expect(material.status).toBe(201)
    expect(await standing(joining.headers, 'membership')).toMatchObject({ state: 'granted', isStale: true, mayAsk: true })
    const answers = { birthday: '1990-03-05' }
    const confirmed = { birthday: '1990年3月5日' }
    expect(await joining.register(consentIds, { answers, confirmed })).toMatchObject({ status: 409, body: { code: 'consent.policyOutdated' } })
    const again = await openMiniProgram(product, 'p003')
    expect(again.entry.policy.version).toBe('2026-12')
    expect(await again.register(consentIds, { answers, confirmed })).toMatchObject({ status: 422, body: { code: 'consent.required' } })
    expect((await again.register(await again.consent(), { answers, confirmed })).status).toBe(201)
    const records = (await call(product, 'GET', '/api/consents/me/history', again.headers)).body['records'] as { purpose: string; policyVersion: string; textHash: string }[]
    const old = (await call(product, 'GET', `/api/policies/${given}`, {})).body
    expect(records.filter(({ purpose }) => purpose === 'membership').map(({ policyVersion }) => policyVersion)).toEqual(['2026-12', given])
    expect(records.find(({ policyVersion }) => policyVersion === given)?.textHash).toBe(old['textHash'])
  })

  it('lets a no stand, and ends a yes with one call', async () => {
    const { headers, entry, consent } = await openMiniProgram(product, 'p004')
    await consent(['marketing'])
    const policyVersion = entry.policy.version
    expect((await call(product, 'POST', '/api/consents/refusals', headers, { policyVersion, purposes: ['personalisation'] })).status).toBe(201)
    expect(await standing(headers, 'personalisation')).toMatchObject({ state: 'refused', mayAsk: false })
    expect((await call(product, 'POST', '/api/consents/withdrawals', headers, { purposes: ['marketing'] })).body).toEqual({ withdrawn: ['marketing'] })
    expect(await standing(headers, 'marketing')).toMatchObject({ state: 'withdrawn', mayAsk: false })
    expect(await call(product, 'POST', '/api/consents/refusals', headers, { policyVersion, purposes: ['membership'] })).toMatchObject({ status: 422, body: { code: 'request.invalid' } })
  })
})
