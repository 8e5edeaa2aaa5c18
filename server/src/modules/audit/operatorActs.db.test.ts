/** What operators change leaves a row each (R61): asked of the contracts, so that a route that is added is not forgotten. */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auditActionTitle } from '@qihui/shared/audit'
import { firstForm } from '@qihui/shared/form'
import { firstGrowthRules } from '@qihui/shared/growth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { staffWithoutSession } from '../../http/actor.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createChannel } from '../channel/commands.ts'
import { storeDepartments } from '../contact/commands/storeDepartments.ts'
import { storeStaff } from '../contact/commands/storeStaff.ts'
import { publishFirstTierRules } from '../tier/commands.ts'

/** These change nothing: they answer what would be. */
const changeNothing = [
  'POST /api/console/doctor/runs',
  'POST /api/console/forms/{formKey}/check',
  'POST /api/console/growth-rules/preview',
  'POST /api/console/segments/preview',
  'POST /api/console/tier-rules/preview',
]
/** These need a case that takes a story to make; the test of the story asks for the row. */
const toldElsewhere: Readonly<Record<string, string>> = {
  'POST /api/console/dead-letter-replays': 'health/deadLetters.db.test.ts',
  'POST /api/console/dead-letter-discards': 'health/deadLetters.db.test.ts',
  'POST /api/console/identity-reviews/{reviewId}/decision': 'identity/reviews.db.test.ts',
  'POST /api/console/merges/{mergeId}/undo': 'identity/undoMerge.db.test.ts',
  'POST /api/console/risk-decisions/{decisionId}/review': 'risk/risk.db.test.ts',
}

interface Act {
  /** As the contract names it. */
  readonly route: string
  readonly body?: object
  /** What the answers before are called here: `{segmentId}` in the path is taken from them. */
  readonly ids?: Readonly<Record<string, string>>
}

let services: TestServices
let server: Server
let base: string
const token = `token-${randomUUID()}`

beforeAll(async () => {
  services = await createTestServices({ settings: { OPERATOR_STAFF_USER_IDS: 'manager.wu', DOCUMENT_HOSTS: 'brand.example' } })
  const { db } = services
  await publishFirstTierRules(services)
  await storeDepartments(services, [{ departmentId: 1, name: '总部', parentId: 0 }])
  await storeStaff(services, ['manager.wu', 'manager.sun', 'rep.li'].map((staffUserId) => ({ staffUserId, name: staffUserId, departmentIds: [1] })))
  for (const role of ['operationsAdmin', 'approver', 'auditor', 'systemAdmin']) {
    await db.pool.query(`insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, 'manager.wu', $2, 'all', 'manager.sun', now())`, [randomUUID(), role])
  }
  await db.pool.query(`insert into staff_session values ($1, 'manager.wu', $2::timestamptz, $2::timestamptz + interval '1 hour')`, [hashToken(token), services.now()])
  const app = createApp(services, { requestsPerMinute: 1_000_000 })
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', resolve)))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 60_000)
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})

const conditions = [{ kind: 'activeWithin', days: 30 }]
const tierRules = { silver: { minGrowth: 900, reviewMonths: 6 }, gold: { minGrowth: 4000, reviewMonths: 3 }, qualifyingMonths: 12, graceDays: 30, maxStepsDown: 1 }
const { version: firstVersion, effectiveFrom: _since, ...growthRules } = firstGrowthRules

/** One of each, in an order in which each is possible. */
function acts(channelId: string): Act[] {
  return [
    { route: 'POST /api/console/api-keys', body: { name: '收银', scopes: ['orders:write'] } },
    { route: 'POST /api/console/api-keys/{keyId}/revocation' },
    { route: 'POST /api/console/growth-rules', body: { replaces: firstVersion, definition: growthRules, effectiveFrom: null } },
    { route: 'POST /api/console/tier-rules', body: { replaces: '2026-01', definition: tierRules, effectiveOn: '2027-01-01' } },
    { route: 'POST /api/console/documents', body: { title: '手册', targetUrl: 'https://brand.example/a' } },
    { route: 'POST /api/console/documents/{documentId}/revocation' },
    { route: 'POST /api/console/risk-allowances', body: { name: '店庆', channelId, maxPerTenMinutes: 500, from: '2026-12-01T00:00:00.000Z', until: '2026-12-02T00:00:00.000Z' } },
    { route: 'POST /api/console/rights/grants', body: { staffUserId: 'rep.li', role: 'salesRep', scope: 'own' } },
    { route: 'POST /api/console/rights/grants/{grantId}/revocation' },
    { route: 'PUT /api/console/rights/model', body: { model: 'central', defaultRole: 'salesRep' } },
    { route: 'POST /api/console/forms/{formKey}/versions', ids: { formKey: 'event' }, body: { name: '活动登记', replaces: null, definition: firstForm.definition } },
    { route: 'POST /api/console/corp-tags/changes', body: { kind: 'createGroup', name: '兴趣', tagNames: ['护肤'] } },
    { route: 'POST /api/console/corp-tags/refresh' },
    { route: 'POST /api/console/tier-tags/review' },
    { route: 'POST /api/console/audit-exports', body: {} },
    { route: 'POST /api/console/audit-verification' },
    { route: 'POST /api/console/segments', body: { name: '活跃', conditions } },
    { route: 'PUT /api/console/segments/{segmentId}', body: { name: '近期活跃', conditions } },
    { route: 'POST /api/console/segments/{segmentId}/pause', body: { isPaused: true } },
    { route: 'POST /api/console/segments/{segmentId}/refresh' },
    { route: 'POST /api/console/segments/{segmentId}/deletion' },
    {
      route: 'POST /api/console/policies',
      body: { version: '2026-02', replaces: '2026-01', title: '会员隐私政策', diffClass: 'minor', summary: ['措辞更清楚'], sections: [{ heading: '我们收集什么', paragraphs: ['手机号。'] }] },
    },
    { route: 'POST /api/console/legal-holds', body: { subject: { scope: 'class', dataClass: 'messages' }, reason: '监管问询', days: 30 } },
    { route: 'POST /api/console/legal-holds/{holdId}/changes', body: { change: 'review' } },
    { route: 'POST /api/console/deidentified-exports', body: { purpose: '季度分析' } },
  ]
}

async function perform({ route, body }: Act, known: Readonly<Record<string, unknown>>) {
  const [method = '', template = ''] = route.split(' ')
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => String(known[name]))
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { cookie: `qihui_staff=${token}`, origin: 'http://localhost:3000', 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}
const entries = async () => (await services.db.pool.query<{ action: string }>(`select action from audit_entry where actor_kind = 'staff' and actor_id = 'manager.wu' order by at, audit_entry_id`)).rows

describe('what operators do', () => {
  it('is one of the acts told here, or changes nothing', async () => {
    const { paths } = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, Record<string, { 'x-audience': string }>> }
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) => (operation['x-audience'] === 'operator' && method !== 'get' ? [`${method.toUpperCase()} ${path}`] : [])),
    )
    expect(routes.sort()).toEqual([...changeNothing, ...Object.keys(toldElsewhere), ...acts('').map(({ route }) => route)].sort())
  })

  it('leaves one row each, in words', { timeout: 60_000 }, async () => {
    const { channelId } = await createChannel(services, staffWithoutSession('manager.sun', '孙敏', true), { name: '店庆' })
    let known: Record<string, unknown> = {}
    const wrong: unknown[] = []
    for (const act of acts(channelId)) {
      const before = (await entries()).length
      const { status, answer } = await perform(act, { ...known, ...act.ids })
      known = { ...known, ...answer }
      const added = (await entries()).slice(before).map(({ action }) => action)
      if (status >= 300 || added.length !== 1 || added.some((action) => auditActionTitle(action) === action)) wrong.push({ route: act.route, status, added, ...(status >= 300 ? { answer } : {}) })
    }
    expect(wrong).toEqual([])
  })
})
