/**
 * Phones, names, answers and ids of people, looked for in everything that leaves the server or is written down by it (R60, P9, trust test 28):
 * pages as served, files to download, job payloads, figures, audit and approval rows, the log. Raw only where a grant says so.
 * The pages are the built ones: `npm run build` first.
 */
import { randomUUID } from 'node:crypto'
import type { FormField } from '@qihui/shared/form'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { call, openMiniProgram, type Joining } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

const peopleCount = 90
/** Values of theirs that are looked for; some of them share a nickname of WeChat, which is looked for once. */
const leastCanaries = 500
/** Who asks to be erased; the de-identified export does without that one. */
const erased = 'p007'
const atOnce = 10
const patiently = { timeout: 60_000, interval: 100 }
const metricsToken = 'metrics-token-of-the-canaries-0123456789'

interface Canary {
  readonly kind: 'phone' | 'name' | 'nickname' | 'idNumber' | 'unionId' | 'openId'
  readonly value: string
}

let product: RunningServer
let people: readonly string[]
const canaries: Canary[] = []
const members = new Map<string, Joining>()
/** Everything that left or was written, by its name. */
const outlets = new Map<string, string>()
const cookies = new Map<string, string>()

const headersOf = (staffUserId: string) => ({ cookie: cookies.get(staffUserId) ?? '', origin: product.url, 'idempotency-key': randomUUID() })
const post = (staffUserId: string, url: string, body?: object) => call(product, 'POST', url, headersOf(staffUserId), body)
const externalUserIdOf = (personId: string) => product.sandbox.world.person(personId).externalUserId ?? ''

/** Keeps what a browser gets: address, headers and body, whatever the status. */
async function visit(name: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(`${product.serverUrl}${url}`, { headers, redirect: 'manual' })
  outlets.set(name, `${[...response.headers].map((line) => line.join(': ')).join('\n')}\n\n${await response.text()}`)
  return response.status
}

function field(key: string, label: string, type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { key, label, type, class: 'N', purpose: '提供售后服务', legalBasis: 'consent', retentionDays: 180, isRequired: false, step: 1, confirmation: 'none', ...more }
}

async function publishSensitiveForm(): Promise<void> {
  const fields = [field('phone', '手机号', 'phone', { isRequired: true, confirmation: 'code' }), field('nickname', '称呼', 'text'), field('idNumber', '证件号', 'text', { class: 'S', assessmentId: 'PIA-1' })]
  const { body } = await call(product, 'GET', '/api/registrations/entry', {})
  const published = await post('manager.wu', '/api/console/forms/default/versions', { replaces: (body['form'] as { version: string }).version, definition: { fields } })
  expect(published.status).toBe(201)
}

const answersOf = (index: number) => ({ nickname: `昵称鸟${index}号`, idNumber: `1101051949123${index}002X` })

async function joinWithAnswers(personId: string, index: number, channelToken: string): Promise<void> {
  const { world } = product.sandbox
  const { phone, name, unionId, mpOpenId } = world.person(personId)
  const answers = answersOf(index)
  const joining = await openMiniProgram(product, personId, channelToken)
  const consentIds = [...(await joining.consent()), ...(await joining.consent(['sensitive:idNumber']))]
  expect(await joining.register(consentIds, { answers })).toMatchObject({ status: 201 })
  members.set(personId, joining)
  const known: Canary[] = [
    { kind: 'phone', value: (phone ?? '').replace(/^\+86/, '') }, { kind: 'name', value: name }, { kind: 'unionId', value: unionId ?? '' }, { kind: 'openId', value: mpOpenId },
    { kind: 'nickname', value: answers.nickname }, { kind: 'idNumber', value: answers.idNumber },
  ]
  canaries.push(...known.filter(({ value }) => canaries.every((other) => other.value !== value)))
  await world.addContact({ personId, staffUserId: 'rep.li' })
}

/** A look at sensitive fields, with everything that belongs to it. */
async function reveal(personId: string): Promise<string> {
  const contact = `/api/sidebar/contacts/${externalUserIdOf(personId)}`
  const asked = await post('rep.li', `${contact}/approvals`, { fieldKeys: ['idNumber', 'phone'], purpose: 'afterSales', note: '退货需核对证件', minutes: 10, maxViews: 3 })
  const approvalId = String(asked.body['approvalId'])
  expect(await post('manager.xu', `/api/staff/approvals/${approvalId}/decision`, { verdict: 'approve', version: 1 })).toMatchObject({ status: 200, body: { state: 'approved' } })
  return JSON.stringify((await post('rep.li', `${contact}/reveals`, { grantId: approvalId })).body)
}

async function visitPages(inviteToken: string): Promise<void> {
  const [phone, unionId] = (['phone', 'unionId'] as const).map((wanted) => canaries.find(({ kind }) => kind === wanted)?.value ?? '')
  const own = members.get('p001')?.headers ?? {}
  const document = await post('manager.wu', '/api/console/documents', { title: '使用手册', targetUrl: 'https://brand.example/manual' })
  const shared = await post('rep.li', `/api/documents/${String(document.body['documentId'])}/share`)
  const link = new URL(String(shared.body['url'])).pathname
  expect(await visit('page sidebar', '/sidebar/', headersOf('rep.li'))).toBe(200)
  expect(await visit('page console', '/console/', headersOf('manager.wu'))).toBe(200)
  expect(await visit('page invite', `/i/${inviteToken}`, own)).toBe(200)
  expect(await visit('page invite that is not there', `/i/${'B'.repeat(22)}?phone=${phone}&u=${unionId}`, own)).toBe(404)
  expect(await visit('page document', link, own)).toBe(302)
  expect(await visit('page document that is not there', `/d/${'C'.repeat(22)}?u=${unionId}`, own)).toBe(404)
  expect(await visit('page sheet', `/channel-codes/${inviteToken}/sheet`)).toBeLessThan(500)
  for (const door of ['staff', 'invites']) expect(await visit(`page login refused, ${door}`, `/api/${door}/oauth/callback?code=${phone}&state=${unionId}`)).toBeGreaterThanOrEqual(400)
  const visitor = await fetch(`${product.url}/api/staff/oauth/start?returnTo=/sidebar/`, { redirect: 'manual' })
  const authorised = await fetch(visitor.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie: 'sandbox_identity=person:p001' } })
  const back = new URL(authorised.headers.get('location') ?? product.url)
  const browser = visitor.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  expect(await visit('page login refused, a customer', `${back.pathname}${back.search}`, { cookie: browser })).toBe(403)
}

async function download(): Promise<void> {
  const made = await post('manager.wu', '/api/console/deidentified-exports', { purpose: '季度分析' })
  const exportId = String(made.body['exportId'])
  expect(await visit('file de-identified export', `/api/console/deidentified-exports/${exportId}/members.csv`, headersOf('manager.wu'))).toBe(200)
  for (const format of ['html', 'csv']) expect(await visit(`file compliance report, ${format}`, `/api/console/compliance-report.${format}`, headersOf('manager.wu'))).toBe(200)
  const audit = await post('manager.wu', '/api/console/audit-exports', {})
  expect(audit.status).toBeLessThan(300)
  outlets.set('file audit export', JSON.stringify(audit.body))
  expect(await visit('figures', '/metrics', { authorization: `Bearer ${metricsToken}` })).toBe(200)
}

/** What every employee's lists and pages answer, without a customer being named. */
async function askEverything(): Promise<void> {
  const { paths } = (await (await fetch(`${product.serverUrl}/openapi.json`)).json()) as { paths: Record<string, { get?: { 'x-audience': string } }> }
  const asked = Object.entries(paths).flatMap(([url, { get }]) => (get !== undefined && ['staff', 'operator'].includes(get['x-audience']) && !url.includes('{') ? [url] : []))
  expect(asked.length).toBeGreaterThan(25)
  for (const staffUserId of cookies.keys()) for (const url of asked) expect(await visit(`api ${url} for ${staffUserId}`, url, headersOf(staffUserId)), url).toBeLessThan(500)
}

async function rowsOf(name: string, from: string): Promise<number> {
  const { rows } = await product.services.db.pool.query<{ line: string }>(`select t::text as line from ${from} t`)
  outlets.set(name, rows.map(({ line }) => line).join('\n'))
  return rows.length
}

beforeAll(async () => {
  product = await startServer({ withWorker: true, settings: { METRICS_TOKEN: metricsToken, DOCUMENT_HOSTS: 'brand.example' } })
  people = product.sandbox.world.people.filter(({ type, phone, unionId }) => type === 1 && phone !== null && unionId !== null).slice(0, peopleCount).map(({ personId }) => personId)

  for (const staffUserId of ['manager.wu', 'manager.xu', 'rep.li']) cookies.set(staffUserId, await staffCookieOf(product, staffUserId))
  await publishSensitiveForm()
  expect((await post('manager.wu', '/api/console/rights/grants', { staffUserId: 'manager.xu', role: 'approver', scope: 'all' })).status).toBe(201)
  const channel = await post('rep.li', '/api/channels', { kind: 'inviteLink', name: '李静的邀请' })
  expect(channel.status).toBe(201)
  const token = String(channel.body['token'])
  const joins = [...people.entries()]
  while (joins.length > 0) await Promise.all(joins.splice(0, atOnce).map(([index, personId]) => joinWithAnswers(personId, index, token)))
  const mirrored = () => product.services.db.pool.query('select from external_contact where external_user_id = any($1)', [people.map(externalUserIdOf)])
  await vi.waitFor(async () => expect((await mirrored()).rowCount).toBe(people.length), patiently)
  // Each card of the rep, as it is granted: names raw, the rest masked. Checked below, never among the outlets.
  for (const personId of people) await call(product, 'GET', `/api/sidebar/contacts/${externalUserIdOf(personId)}`, headersOf('rep.li'))
  expect(await reveal('p001')).toContain(answersOf(people.indexOf('p001')).idNumber)
  expect((await call(product, 'POST', '/api/members/me/erasure', { ...(members.get(erased)?.headers ?? {}), 'idempotency-key': randomUUID() }, { isUnderstood: true })).status).toBeLessThan(300)
  await visitPages(token)
  await download()
  await askEverything()
  await vi.waitFor(async () => expect(await rowsOf('jobs that wait', 'outbox')).toBe(0), patiently)
  // The parent of the queue's partitions: what waits, runs, is done or has failed, with what it failed of.
  expect(await rowsOf('jobs', 'queue.job')).toBeGreaterThan(people.length)
  expect(await rowsOf('audit rows', 'audit_entry')).toBeGreaterThan(people.length)
  expect(await rowsOf('approval rows', 'approval')).toBe(1)
  outlets.set('log', product.logLines.join('\n'))
}, 180_000)
afterAll(() => product.close())

/** As it would stand in a page, in an address, in bytea or in a token. */
function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  return [value, encodeURIComponent(value), bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), JSON.stringify(value).slice(1, -1)]
}

function leaksIn(name: string, kinds: readonly Canary['kind'][]): string[] {
  const text = outlets.get(name) ?? ''
  return canaries.filter(({ kind }) => kinds.includes(kind)).flatMap(({ kind, value }) => (spellingsOf(value).some((spelling) => text.includes(spelling)) ? [`${name}: ${kind}`] : []))
}

describe('what is known of people', () => {
  const all = ['phone', 'name', 'nickname', 'idNumber', 'unionId', 'openId'] as const
  const named = (prefix: string) => [...outlets.keys()].filter((name) => name.startsWith(prefix))

  it(`is known: more than ${leastCanaries} values that can be found again, of every kind`, () => {
    expect(people).toHaveLength(peopleCount)
    expect(canaries.length).toBeGreaterThan(leastCanaries)
    expect(canaries.filter(({ value }) => value.length < 2)).toEqual([])
    expect(all.map((kind) => canaries.filter((canary) => canary.kind === kind).length)).toEqual([peopleCount, expect.any(Number), peopleCount, peopleCount, peopleCount, peopleCount])
  })

  it('is in no page: sidebar, console, invitation, document link, printed sheet, refused login', () => {
    expect(named('page')).toHaveLength(10)
    expect(named('page').flatMap((name) => leaksIn(name, all))).toEqual([])
  })

  it('is in no file to download: de-identified export, compliance report, audit export', () => {
    expect(outlets.get('file de-identified export')).toMatch(/假名.*\n(.+\n){50}/)
    expect(named('file').flatMap((name) => leaksIn(name, all))).toEqual([])
  })

  it('is in no payload and no failure of a job, save the ids a job is about, and in no figure', () => {
    expect(outlets.get('figures')).toContain('qihui_')
    expect(leaksIn('figures', all)).toEqual([])
    expect(['jobs', 'jobs that wait'].flatMap((name) => leaksIn(name, ['phone', 'name', 'nickname', 'idNumber']))).toEqual([])
  })

  it('is in no audit row, no approval row and no line of the log', () => {
    expect(outlets.get('audit rows')).toContain('field.reveal')
    expect(outlets.get('log')).toContain('/api/sidebar/contacts/:externalUserId')
    expect(['audit rows', 'approval rows', 'log'].flatMap((name) => leaksIn(name, all))).toEqual([])
  })

  it('is in no list an employee opens, save the names a chat shows anyway', () => {
    expect(named('api').length).toBeGreaterThan(75)
    expect(named('api').flatMap((name) => leaksIn(name, ['phone', 'nickname', 'idNumber', 'unionId', 'openId']))).toEqual([])
  })
})
