/**
 * What a caller must not set (trust test 29): every body of every contract, on every level, with every column there is and with the names
 * that reach prototypes. Made of /openapi.json, so that a route that is added is asked without anybody thinking of it.
 */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '@qihui/server/app'
import { storeStaff } from '@qihui/server/src/modules/contact/commands/storeStaff.ts'
import { hashToken } from '@qihui/server/src/security/tokens.ts'
import { createTestServices, type TestServices } from '@qihui/server/testing'
import { roles } from '@qihui/shared/rights'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minItems?: number
  readonly minimum?: number
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly $ref?: string
}
interface Operation {
  readonly 'x-audience': string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
}
interface WriteRoute {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly audience: string
  readonly body: Schema | null
}
/** One object inside a body, by the way that leads to it, with the names it may carry. */
interface Level {
  readonly way: readonly (string | number)[]
  readonly known: readonly string[]
}

/** What a rewrite of oneself, of others or of the decision would need; each is tried alone on every level. */
const forbidden = [
  'tier', 'growthValue', 'growth_value', 'personId', 'memberId', 'staffUserId', 'role', 'scope', 'isOperator', 'grants', 'grantedBy', 'approvedBy', 'approverIds', 'heldAt', 'held_at',
  'registeredAt', 'archivedAt', 'restricted_at', 'unionId', 'openId', 'isVerified', 'status', 'version', '__proto__', 'constructor', 'prototype',
] as const
const seed = Math.trunc(Math.random() * 2 ** 31)

let services: TestServices
let server: Server
let base: string
let components: Readonly<Record<string, Schema>>
let routes: WriteRoute[]
let columns: string[]
let memberToken: string

function textOf({ pattern, minLength = 1, format }: Schema): string {
  if (format === 'uuid') return randomUUID()
  if (format?.startsWith('date')) return '2026-12-01T00:00:00.000Z'
  return pattern === undefined ? '一二三四五六七八'.padEnd(minLength, '九') : (fc.sample(fc.stringMatching(new RegExp(pattern, 'u')), { numRuns: 1, seed })[0] ?? '')
}

/** A body as it is being made: which of several forms it takes, and the objects in it so far. */
interface Making {
  readonly form: number
  forms: number
  readonly levels: Level[]
}

/** A body a schema describes, with everything that may be in it. */
function sampleOf(schema: Schema, making: Making, way: readonly (string | number)[] = []): unknown {
  const { form, levels } = making
  if (schema.$ref !== undefined) return sampleOf(components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, making, way)
  const branches = schema.anyOf ?? schema.oneOf ?? []
  making.forms = Math.max(making.forms, branches.length)
  // A form that contains itself ends with the simplest, which comes first.
  const branch = branches[way.length < 6 ? form % branches.length : 0]
  if (branch !== undefined) return sampleOf(branch, making, way)
  if ('const' in schema) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  switch (schema.type) {
    case 'object': {
      // A record takes keys of its own: what they are is the route's question, what else the object holds is not asked.
      if (schema.properties === undefined) return {}
      levels.push({ way, known: Object.keys(schema.properties) })
      // A recursive schema ends where it may.
      const wanted = Object.entries(schema.properties).filter(([key]) => way.length < 6 || schema.required?.includes(key) === true)
      return Object.fromEntries(wanted.map(([key, inner]) => [key, sampleOf(inner, making, [...way, key])]))
    }
    case 'array':
      return schema.items === undefined || (way.length >= 6 && schema.minItems === undefined) ? [] : [sampleOf(schema.items, making, [...way, 0])]
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    default:
      return textOf(schema)
  }
}

/** JSON of the body with more in one of its objects; written as text, so that `__proto__` is a key like any other on the wire. */
function stuffed(body: unknown, way: readonly (string | number)[], extra: Readonly<Record<string, unknown>>): string {
  const [step, ...rest] = way
  if (typeof body !== 'object' || body === null) throw new Error(`no object at ${way.join('.')}`)
  const inside = Object.entries(body).map(([key, value]) => [key, String(step) === key ? stuffed(value, rest, extra) : JSON.stringify(value)] as const)
  if (step !== undefined && Array.isArray(body)) return `[${inside.map(([, json]) => json).join()}]`
  const added = step === undefined ? Object.entries(extra).map(([key, value]) => [key, JSON.stringify(value)] as const) : []
  return `{${[...inside, ...added].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`
}

/** One body for each form it may take. */
function samplesOf(schema: Schema): { readonly body: unknown; readonly levels: readonly Level[] }[] {
  const made: { body: unknown; levels: Level[] }[] = []
  for (let form = 0, forms = 1; form < forms; form += 1) {
    const making: Making = { form, forms, levels: [] }
    const body = sampleOf(schema, making)
    forms = Math.max(forms, making.forms)
    made.push({ body, levels: making.levels })
  }
  return made
}

const only = (key: string, value: unknown) => Object.defineProperty({}, key, { value, enumerable: true }) as Record<string, unknown>

async function staffToken(): Promise<string> {
  const token = `token-${randomUUID()}`
  await services.db.pool.query(`insert into staff_session values ($1, 'manager.wu', $2::timestamptz, $2::timestamptz + interval '1 hour')`, [hashToken(token), services.now()])
  return token
}

async function send({ method, path, audience }: WriteRoute, body: string | null, token: string) {
  const credentials: Readonly<Record<string, string>> = {
    ...(audience === 'staff' || audience === 'operator' ? { cookie: `qihui_staff=${token}` } : {}),
    ...(audience === 'member' ? { authorization: `Bearer ${memberToken}` } : {}),
    ...(audience === 'integration' ? { authorization: `Bearer ${services.env.integrationApiKey}` } : {}),
  }
  const headers = { origin: 'http://localhost:3000', 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...credentials }
  const response = await fetch(`${base}${path}`, { method, headers, ...(body === null ? {} : { body }) })
  const answer = (await response.json()) as { code?: string; errors?: { path: string }[] }
  return { status: response.status, code: answer.code, paths: (answer.errors ?? []).map((error) => error.path) }
}

/** Everything the database holds, table by table. */
async function contents(): Promise<Record<string, string>> {
  const { rows } = await services.db.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`)
  const found: Record<string, string> = {}
  for (const { name } of rows) found[name] = (await services.db.pool.query<{ all: string }>(`select coalesce(string_agg(t::text, e'\\n' order by t::text), '') as all from ${name} t`)).rows[0]?.all ?? ''
  return found
}

beforeAll(async () => {
  services = await createTestServices({ settings: { DOCUMENT_HOSTS: 'brand.example' } })
  await storeStaff(services, [{ staffUserId: 'manager.wu', name: '吴敏', departmentIds: [1] }])
  for (const role of roles) await services.db.pool.query(`insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, 'manager.wu', $2, 'all', 'boss', now())`, [randomUUID(), role])
  memberToken = `member-${randomUUID()}`
  await services.db.pool.query(
    `insert into member_session (token_hash, session_id, namespace, open_id, union_id, created_at, expires_at) values ($1, $2, 'mp-openid@test', 'openid-1', null, $3::timestamptz, $3::timestamptz + interval '1 hour')`,
    [hashToken(memberToken), randomUUID(), services.now()],
  )
  const app = createApp(services, { requestsPerMinute: 1_000_000 })
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', resolve)))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }
  components = document.components.schemas
  routes = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      if (method === 'get') return []
      const path = operation.parameters.filter((parameter) => parameter.in === 'path').reduce((filled, { name, schema }) => filled.replace(`{${name}}`, encodeURIComponent(textOf(schema))), template)
      return [{ name: `${method.toUpperCase()} ${template}`, method: method.toUpperCase(), path, audience: operation['x-audience'], body: operation.requestBody?.content['application/json'].schema ?? null }]
    }),
  )
  const { rows } = await services.db.pool.query<{ name: string }>(`select distinct column_name as name from information_schema.columns where table_schema = 'public' order by 1`)
  columns = rows.map(({ name }) => name)
}, 60_000)
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})

describe('a write route', () => {
  it('of each audience is asked here', () => {
    expect(new Set(routes.map(({ audience }) => audience))).toEqual(new Set(['public', 'member', 'staff', 'operator', 'integration']))
    expect(routes.length).toBeGreaterThan(60)
    expect(columns.length).toBeGreaterThan(200)
  })

  it(`refuses a body with a field more, names it, and changes nothing: seed ${seed}`, async () => {
    const token = await staffToken()
    const before = await contents()
    const bodied = routes.filter(({ body }) => body !== null)
    const wrong: string[] = []
    const otherwiseValid = new Set<string>()
    const trial = async (route: WriteRoute, body: unknown, way: Level['way'], extra: Readonly<Record<string, unknown>>) => {
      const { status, code, paths } = await send(route, stuffed(body, way, extra), token)
      const isNamed = Object.keys(extra).some((key) => paths.includes(['body', ...way, key].join('.')))
      if (status !== 422 || code !== 'request.invalid' || !isNamed) wrong.push(`${route.name} ${way.join('.')} ${Object.keys(extra)[0]}: ${status} ${code} ${paths.join()}`)
      if (paths.length === 1) otherwiseValid.add(route.name)
    }
    const camel = columns.map((name) => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()))
    let levelsAsked = 0
    for (const route of bodied) {
      const seen = new Set<string>()
      for (const { body, levels } of samplesOf(route.body ?? {})) {
        for (const { way, known } of levels) {
          const isNew = !seen.has(`${way.join('.')} ${known.join()}`)
          seen.add(`${way.join('.')} ${known.join()}`)
          if (!isNew) continue
          levelsAsked += 1
          for (const key of forbidden.filter((name) => !known.includes(name))) await trial(route, body, way, only(key, 'gold'))
          await trial(route, body, way, Object.fromEntries([...columns, ...camel].filter((name) => !known.includes(name)).map((name) => [name, 1])))
        }
      }
    }
    expect(wrong).toEqual([])
    expect(levelsAsked).toBeGreaterThan(bodied.length + 20)
    // The addition is what is refused, not something else about the body: so for nearly all of them.
    expect(otherwiseValid.size).toBeGreaterThan(bodied.length * 0.8)
    expect(await contents()).toEqual(before)
  }, 120_000)

  it('that takes no body does the same whatever is sent along, and keeps none of it', async () => {
    const bodiless = routes.filter(({ body }) => body === null)
    expect(bodiless.length).toBeGreaterThan(10)
    const mark = `stuffed-${randomUUID()}`
    const differing: string[] = []
    for (const route of bodiless) {
      const [plain, more] = [await send(route, null, await staffToken()), await send(route, stuffed({}, [], Object.fromEntries(forbidden.map((key) => [key, mark]))), await staffToken())]
      if (plain.status !== more.status || plain.code !== more.code) differing.push(`${route.name}: ${plain.status} ${plain.code}, ${more.status} ${more.code}`)
    }
    expect(differing).toEqual([])
    expect(Object.entries(await contents()).filter(([, rows]) => rows.includes(mark)).map(([table]) => table)).toEqual([])
  }, 60_000)
})
