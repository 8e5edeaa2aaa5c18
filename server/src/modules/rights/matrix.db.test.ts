/** Every route of staff, for every role and relation: what the rights say is what the wire says (trust tests 27, 28, 31). */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { memberFields } from '@qihui/shared/member'
import { abilityFor, answerAccess, opensConsole, roles, scopesFor, visibilityOf, type Permission, type Relation, type Rights, type RoleGrant } from '@qihui/shared/rights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { staffWithoutSession } from '../../http/actor.ts'
import { createLog } from '../../log.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeDepartments } from '../contact/commands/storeDepartments.ts'
import { storeStaff } from '../contact/commands/storeStaff.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from '../contact/places.ts'
import { publishForm } from '../form/commands.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'

interface Operation {
  readonly 'x-audience': string
  readonly 'x-permission'?: Permission | 'signedIn'
}
interface StaffRoute {
  readonly method: string
  readonly path: string
  readonly audience: string
  readonly permission: Permission | 'signedIn' | undefined
}
interface Viewer {
  readonly staffUserId: string
  readonly token: string
  readonly grants: readonly RoleGrant[]
  readonly rights: Rights
}

const departments = [
  { departmentId: 1, name: '总部', parentId: 0 },
  { departmentId: 2, name: '华东大区', parentId: 1 },
  { departmentId: 5, name: '上海门店', parentId: 2 },
  { departmentId: 3, name: '华南大区', parentId: 1 },
]
/** Who serves the contacts of a relation, as seen by the viewers, who are all of department 2. */
const servers: Readonly<Record<Relation, string | null>> = { own: null, department: 'rep.near', departmentTree: 'rep.below', other: 'rep.far' }
const relations = Object.keys(servers) as Relation[]
const contactsPerRelation = 25
const canaries = new Map<string, { readonly relation: Relation; readonly kind: string }>()
const contacts = new Map<Relation, string[]>()

let services: TestServices
let server: Server
let base: string
let routes: StaffRoute[]
const viewers: Viewer[] = []
const logLines: string[] = []
const answers: string[] = []

function canary(relation: Relation, kind: string, value: string): string {
  canaries.set(value, { relation, kind })
  return value
}

async function addViewer(grants: readonly RoleGrant[]): Promise<void> {
  const staffUserId = `viewer.${grants.map(({ role, scope }) => `${role}.${scope}`).join('-') || 'nobody'}`
  await storeStaff(services, [{ staffUserId, name: staffUserId, departmentIds: [2] }])
  for (const { role, scope } of grants) {
    await services.db.pool.query(`insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, $2, $3, $4, 'manager.wu', now())`, [randomUUID(), staffUserId, role, scope])
  }
  const token = `token-${randomUUID()}`
  await services.db.pool.query(`insert into staff_session values ($1, $2, $3::timestamptz, $3::timestamptz + interval '1 hour')`, [hashToken(token), staffUserId, services.now()])
  viewers.push({ staffUserId, token, grants, rights: abilityFor({ grants, departmentIds: [2], departmentTreeIds: [2, 5] }) })
}

/** One member with everything that can be known of a person; every value can be found again wherever it goes. */
async function addContact(relation: Relation, index: number, formVersion: string): Promise<void> {
  const { cipher, db } = services
  const [externalUserId, personId, memberId] = [`wm${relation}${index}`, randomUUID(), randomUUID()]
  const number = relations.indexOf(relation) * 1000 + index
  const contactKey = cipher.newDataKey(contactKeyPlace(externalUserId))
  const memberKey = cipher.newDataKey(dataKeyPlace(memberId))
  const phone = `+861390${String(number).padStart(7, '0')}`
  const follower = servers[relation] ?? ''
  const answer = (key: string, value: string) => cipher.seal(answerPlace(memberId, key), JSON.stringify(value), memberKey.key)
  await db.pool.query('insert into person (person_id, created_at) values ($1, now())', [personId])
  await db.pool.query(
    `insert into external_contact (external_user_id, person_id, type, avatar_url, data_key_sealed, name_sealed, mirrored_at) values ($1, $2, 1, $3, $4, $5, now())`,
    [externalUserId, personId, canary(relation, 'avatar', `https://wx.example/canary-${number}.png`), contactKey.sealed, cipher.seal(contactNamePlace(externalUserId), canary(relation, 'name', `金丝雀${number}号`), contactKey.key)],
  )
  for (const staffUserId of relation === 'own' ? viewers.map((viewer) => viewer.staffUserId) : [follower]) {
    const remark = cipher.seal(remarkPlace(externalUserId, staffUserId), canary(relation, 'remark', `备注鸟${number}`), contactKey.key)
    await db.pool.query('insert into follow_user (external_user_id, staff_user_id, remark_sealed, added_at) values ($1, $2, $3, now())', [externalUserId, staffUserId, remark])
  }
  await db.pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
      values ($1, $2, $3, $4, $5, $6, 'normal', now(), 100, $7, '2026-01', now(), now())`,
    [memberId, personId, `QH${number}`, memberKey.sealed, cipher.seal(phonePlace(memberId), phone, memberKey.key), cipher.indexOf('member.phone', phone), formVersion],
  )
  canary(relation, 'phone', phone.slice(3))
  await db.pool.query(
    `insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at) select $1, key, value, $4, now() from unnest($2::text[], $3::bytea[]) as a(key, value)`,
    [memberId, ['hobby', 'nickname', 'allergy'], [answer('hobby', `爱好${number}`), answer('nickname', canary(relation, 'normal', `昵称鸟${number}`)), answer('allergy', canary(relation, 'sensitive', `过敏鸟${number}`))], formVersion],
  )
  contacts.set(relation, [...(contacts.get(relation) ?? []), externalUserId])
}

async function ask(viewer: Viewer, method: string, path: string) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { cookie: `qihui_staff=${viewer.token}`, origin: 'http://localhost:3000', 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  const text = await response.text()
  answers.push(text)
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown> & { code?: string }, text }
}

/** A path with something in every place. */
function filled(path: string, externalUserId = 'wmnobody'): string {
  return path.replace('{externalUserId}', externalUserId).replace('{token}', 'A'.repeat(22)).replace('{formKey}', 'default').replace(/\{\w+\}/g, '0190aaaa-0000-7000-8000-000000000001')
}

beforeAll(async () => {
  services = await createTestServices({ log: createLog('info', { write: (line) => void logLines.push(line) }) })
  await services.db.pool.query('update rights_setting set default_role = null')
  await storeDepartments(services, departments)
  await storeStaff(services, [
    { staffUserId: 'rep.near', name: '近处的人', departmentIds: [2] },
    { staffUserId: 'rep.below', name: '下级的人', departmentIds: [5] },
    { staffUserId: 'rep.far', name: '远处的人', departmentIds: [3] },
  ])
  await addViewer([])
  for (const role of roles) for (const scope of scopesFor(role)) await addViewer([{ role, scope }])
  const field = { purpose: '服务', legalBasis: 'consent', retentionDays: 90, isRequired: false, step: 1, confirmation: 'none', type: 'text' } as const
  const fields = [{ ...field, key: 'hobby', label: '爱好', class: 'P' }, { ...field, key: 'nickname', label: '称呼', class: 'N' }, { ...field, key: 'allergy', label: '过敏史', class: 'S', assessmentId: 'PIA-1' }] as const
  const by = staffWithoutSession('manager.wu', '吴敏', true)
  const { version } = await publishForm(services, by, { formKey: 'canaries', name: '金丝雀', replaces: null, definition: { fields: [...fields] } })
  for (const relation of relations) for (let index = 0; index < contactsPerRelation; index += 1) await addContact(relation, index, version)
  const app = createApp(services, { requestsPerMinute: 1_000_000 })
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', resolve)))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { paths } = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, Record<string, Operation>> }
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, audience: operation['x-audience'], permission: operation['x-permission'] })),
  ).filter(({ audience }) => audience === 'staff' || audience === 'operator')
}, 120_000)
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})

const denials = ['rights.denied', 'staff.notOperator']

describe('every route of staff', () => {
  it('names the permission it asks for', () => {
    expect(routes.length).toBeGreaterThan(30)
    expect(routes.filter(({ permission }) => permission === undefined).map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  it('refuses each role that does not hold it before anything is read, with one shape, and nobody else', async () => {
    const wrong: string[] = []
    const shapes = new Set<string>()
    for (const { method, path, audience, permission } of routes) {
      if (permission === undefined || permission === 'signedIn') continue
      for (const viewer of viewers) {
        const isAllowed = viewer.rights.mayTry(permission) && (audience === 'staff' || opensConsole(viewer.grants.map(({ role }) => role)))
        // What is allowed is asked only where it changes nothing.
        if (isAllowed && method !== 'GET') continue
        const { status, body } = await ask(viewer, method, filled(path))
        const isDenied = status === 403 && denials.includes(body.code ?? '')
        if (isDenied === isAllowed) wrong.push(`${viewer.staffUserId} ${method} ${path}: ${status} ${body.code ?? ''}`)
        if (isDenied) shapes.add(Object.keys(body).sort().join(','))
      }
    }
    expect(wrong).toEqual([])
    expect([...shapes]).toEqual(['code,requestId,status,title,type'])
  }, 120_000)
})

describe('a list', () => {
  it('cannot be sorted or filtered by a field: what one may not see is not told by an order or a count either', async () => {
    const lists = routes.filter(({ method, path, permission }) => method === 'GET' && !path.includes('{') && permission !== 'signedIn')
    expect(lists.length).toBeGreaterThan(10)
    const asked = '?sort=phone&order=desc&orderBy=contactName&phone=%2B8613900001000&nickname=%E6%98%B5%E7%A7%B0&filter%5Ballergy%5D=x'
    const differing: string[] = []
    for (const { path, method } of lists) {
      for (const viewer of viewers.filter(({ grants }) => grants[0]?.scope === 'all')) {
        const [plain, curious] = [await ask(viewer, method, path), await ask(viewer, method, `${path}${asked}`)]
        // What tells one answer from another by itself: its request, and the instant it is of.
        const { requestId: _one, at: _then, ...before } = plain.body
        const { requestId: _other, at: _now, ...after } = curious.body
        if (curious.status !== 422 && JSON.stringify([plain.status, before]) !== JSON.stringify([curious.status, after])) differing.push(path)
      }
    }
    expect(differing).toEqual([])
  }, 60_000)
})

describe('the card', () => {
  const definitions = {
    ...memberFields,
    hobby: { key: 'hobby', class: 'P', mask: 'presence', access: answerAccess('P') },
    nickname: { key: 'nickname', class: 'N', mask: 'presence', access: answerAccess('N') },
    allergy: { key: 'allergy', class: 'S', mask: 'presence', access: answerAccess('S') },
  } as const
  const profileKeys = ['memberNo', 'phone', 'registeredAt', 'hobby', 'nickname', 'allergy'] as const

  it('shows every viewer of every relation exactly the fields the catalogue grants, masked as it says, or is not found', async () => {
    for (const viewer of viewers) {
      for (const relation of relations) {
        const { status, body } = await ask(viewer, 'GET', `/api/sidebar/contacts/${contacts.get(relation)?.[0]}`)
        if (!viewer.rights.may({ action: 'read', subject: 'Contact' }, { relation })) {
          expect([viewer.staffUserId, relation, status, denials.includes(body.code ?? '') || body.code === 'contact.notFollowing']).toEqual([viewer.staffUserId, relation, body.code === 'contact.notFollowing' ? 404 : 403, true])
          continue
        }
        const card = body as unknown as { contact: { relation: string; remark: string | null; avatarUrl: string | null }; member: { fields: { key: string; value: string; isMasked: boolean; needsApproval: boolean }[] } }
        expect([viewer.staffUserId, relation, status, card.contact.relation]).toEqual([viewer.staffUserId, relation, 200, relation])
        const expected = profileKeys.flatMap((key): { key: string; isMasked: boolean; needsApproval: boolean }[] => {
          const visibility = visibilityOf(definitions[key], { grants: viewer.grants, relation, openFields: new Set() })
          if (key === 'allergy') return [{ key, isMasked: true, needsApproval: true }]
          return visibility === 'none' ? [] : [{ key, isMasked: visibility === 'masked', needsApproval: false }]
        })
        expect(card.member.fields.map(({ key, isMasked, needsApproval }) => ({ key, isMasked, needsApproval }))).toEqual(expect.arrayContaining(expected))
        expect(card.member.fields).toHaveLength(expected.length)
        expect(card.member.fields.find(({ key }) => key === 'allergy')?.value).toBe('')
        expect([card.contact.remark !== null, card.contact.avatarUrl !== null]).toEqual([relation === 'own', relation === 'own'])
      }
    }
  }, 60_000)

  it('of an archived member is the same, and of an erased one shows no member', async () => {
    const viewer = viewers.find(({ grants }) => grants[0]?.role === 'salesRep')
    const [archived, erased] = [contacts.get('own')?.[1], contacts.get('own')?.[2]]
    if (viewer === undefined) throw new Error('no rep looks')
    const before = await ask(viewer, 'GET', `/api/sidebar/contacts/${archived}`)
    const change = (column: string, externalUserId = '') =>
      services.db.pool.query(`update member set ${column} = now() where person_id = (select person_id from external_contact where external_user_id = $1)`, [externalUserId])
    await change('archived_at', archived)
    await change('restricted_at', erased)
    const { member } = (await ask(viewer, 'GET', `/api/sidebar/contacts/${archived}`)).body as { member: { fields: object[] } }
    expect(member.fields).toEqual((before.body as { member?: { fields: object[] } }).member?.fields)
    expect((await ask(viewer, 'GET', `/api/sidebar/contacts/${erased}`)).body).toMatchObject({ state: 'notRegistered', member: null })
  })

  it('and all else about one contact answer the same for a contact of others and for one that is not there', async () => {
    const ofContacts = routes.filter(({ path, method }) => path.includes('{externalUserId}') && !(method === 'GET' && path === '/api/sidebar/contacts/{externalUserId}'))
    expect(ofContacts.length).toBeGreaterThan(3)
    for (const { method, path } of ofContacts) {
      for (const viewer of viewers) {
        const [foreign, missing] = [await ask(viewer, method, filled(path, contacts.get('other')?.[0])), await ask(viewer, method, filled(path))]
        const shapeOf = ({ status, body }: typeof foreign) => [viewer.staffUserId, method, path, status, body.code, Object.keys(body).sort()]
        expect(shapeOf(foreign)).toEqual(shapeOf(missing))
      }
    }
  }, 60_000)
})

describe('500 canary values', () => {
  it('never leave raw, save what a chat shows anyway to whoever serves the customer', async () => {
    expect(canaries.size).toBe(contactsPerRelation * relations.length * 6)
    const leaks: string[] = []
    const readers = viewers.filter(({ rights }) => rights.mayTry({ action: 'read', subject: 'Contact' }))
    expect(readers).toHaveLength(8)
    for (const viewer of readers) {
      for (const relation of relations) {
        for (const externalUserId of contacts.get(relation) ?? []) {
          const { text } = await ask(viewer, 'GET', `/api/sidebar/contacts/${externalUserId}`)
          for (const [value, about] of canaries) {
            const isChatsOwn = about.relation === 'own' && relation === 'own' && ['name', 'remark', 'avatar'].includes(about.kind)
            if (!isChatsOwn && text.includes(value)) leaks.push(`${viewer.staffUserId} ${externalUserId} ${about.kind}`)
          }
        }
      }
    }
    expect(leaks).toEqual([])
  }, 120_000)

  it('are in no other answer, no error and no line of the log', async () => {
    for (const viewer of viewers) {
      for (const { method, path } of routes.filter((route) => route.method === 'GET' && !route.path.includes('{externalUserId}'))) await ask(viewer, method, filled(path))
      await ask(viewer, 'POST', `/api/sidebar/contacts/${contacts.get('own')?.[0]}/corp-tags`)
    }
    const sensitive = [...canaries].filter(([, { kind }]) => ['phone', 'normal', 'sensitive'].includes(kind)).map(([value]) => value)
    expect(sensitive.filter((value) => answers.some((text) => text.includes(value)))).toEqual([])
    expect(logLines.length).toBeGreaterThan(100)
    const log = logLines.join('\n')
    expect([...canaries.keys()].filter((value) => log.includes(value))).toEqual([])
  }, 60_000)
})
