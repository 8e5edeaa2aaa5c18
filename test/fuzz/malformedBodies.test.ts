import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

interface Operation {
  readonly method: string
  readonly path: string
}

let product: RunningServer
let headers: Record<string, string>
let tables: string[]
let operations: Operation[] = []
/** FUZZ_BODIES=1000 is the long form. */
const bodiesPerRoute = Number(process.env['FUZZ_BODIES'] ?? 100)
/** Sent at once, to spare time and to meet the server as a crowd. */
const atOnce = 25

beforeAll(async () => {
  product = await startServer({ withWorker: false })
  const session = await fetch(`${product.serverUrl}/api/members/session`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code: product.sandbox.world.loginCode('p001') }),
  })
  const { sessionToken } = (await session.json()) as { sessionToken: string }
  headers = {
    'content-type': 'application/json',
    origin: product.url,
    authorization: `Bearer ${sessionToken}`,
    // An operator gets past the doors of the console as well.
    cookie: await staffCookieOf(product, 'manager.wu'),
  }
  const openApi = (await (await fetch(`${product.serverUrl}/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> }
  operations = Object.entries(openApi.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })))
  const found = await product.services.db.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public'`)
  tables = found.rows.map(({ name }) => name)
})
afterAll(() => product.close())

async function rowCounts(): Promise<Record<string, number>> {
  const counts = await Promise.all(tables.map((name) => product.services.db.pool.query<{ count: number }>(`select count(*)::int as count from ${name}`)))
  return Object.fromEntries(tables.map((name, index) => [name, counts[index]?.rows[0]?.count ?? -1]))
}

const deep = (open: string, close: string) => `${open.repeat(10_000)}${close.repeat(10_000)}`
/** Every way a JSON body can be wrong: random values, random text, cut documents, wrong charset, NUL, lone surrogates, huge, deep. */
const anyBody: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  { weight: 5, arbitrary: fc.json() },
  { weight: 3, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value).slice(0, -1)) },
  { weight: 3, arbitrary: fc.dictionary(fc.constantFrom('code', 'phoneCode', 'consentIds', 'policyVersion', 'formVersion', 'purposes', 'addTagIds', 'name', 'utm', 'answers', 'definition', 'replaces', '__proto__', 'constructor'), fc.jsonValue()).map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\u0000', '"\\ud800"', '{"a":"\\u0000"}', deep('[', ']'), deep('{"a":', '}'), `{"a":"${'x'.repeat(65_536)}"}`, '1e999', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>') },
)

const anyAddress = fc.record({ part: fc.string({ unit: 'binary', maxLength: 80 }), query: fc.webQueryParameters() })

async function send(method: string, path: string, body: string | Uint8Array<ArrayBuffer> | null): Promise<{ status: number; type: string }> {
  const hasKey = { ...headers, 'idempotency-key': crypto.randomUUID() }
  const response = await fetch(`${product.serverUrl}${path}`, { method, headers: hasKey, ...(body === null ? {} : { body }), redirect: 'manual' })
  await response.arrayBuffer()
  return { status: response.status, type: response.headers.get('content-type') ?? '' }
}

describe('malformed input', () => {
  it(`answers 4xx and stores nothing for ${bodiesPerRoute} malformed bodies on each route`, async () => {
    const before = await rowCounts()
    const writes = operations.filter(({ method }) => method !== 'GET')
    expect(writes.length).toBeGreaterThanOrEqual(5)
    for (const { method, path } of writes) {
      const target = path.replace(/\{externalUserId\}/g, 'wmFuzz0001').replace(/\{token\}/g, 'A'.repeat(22)).replace(/\{\w+\}/g, 'x')
      await fc.assert(
        fc.asyncProperty(fc.array(anyBody, { minLength: atOnce, maxLength: atOnce }), async (bodies) => {
          for (const { status, type } of await Promise.all(bodies.map((body) => send(method, target, body)))) {
            // Routes without a body have nothing to refuse in it.
            if (status < 300) continue
            expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
            expect(status, `${method} ${path}`).toBeLessThan(500)
            expect(type).toContain('application/problem+json')
          }
        }),
        { numRuns: bodiesPerRoute / atOnce },
      )
    }
    const after = await rowCounts()
    // Logging out and asking for a refresh take no body; what they may write is not malformed input's doing.
    for (const table of ['person', 'member', 'consent', 'identifier', 'channel', 'growth_entry', 'callback_event']) expect(after[table], table).toBe(before[table])
  })

  it(`answers ${bodiesPerRoute} malformed addresses of each route without a 5xx`, async () => {
    for (const { method, path } of operations.filter((operation) => operation.method === 'GET')) {
      await fc.assert(
        fc.asyncProperty(fc.array(anyAddress, { minLength: atOnce, maxLength: atOnce }), async (addresses) => {
          const answers = await Promise.all(addresses.map(({ part, query }) => send(method, `${path.replace(/\{\w+\}/g, encodeURIComponent(part))}?${query}`, null)))
          for (const { status } of answers) expect(status, `${method} ${path}`).toBeLessThan(500)
        }),
        { numRuns: bodiesPerRoute / atOnce },
      )
    }
  })

  it('still serves after all of it', async () => {
    expect((await fetch(`${product.serverUrl}/readyz`)).status).toBe(200)
    expect(product.logLines.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})
