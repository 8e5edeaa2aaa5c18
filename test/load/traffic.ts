import { randomUUID } from 'node:crypto'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import type { SandboxPerson } from '../sandbox/types.ts'
import type { Target } from './startTarget.ts'
import type { ServerError } from './verdict.ts'

const staffUserIds = ['rep.li', 'rep.wang', 'rep.zhang'] as const
const requestTimeoutMs = 15_000

/** What was sent and what came back, since the start. */
export interface Tally {
  readonly sent: () => number
  readonly byStatus: () => Readonly<Record<string, number>>
  /** Answers from 500 on, and requests nothing answered (status 0). */
  readonly errors: () => ServerError[]
  readonly slowestMs: () => number
}

type RequestHeaders = Readonly<Record<string, string>>
interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Counts what it asks. */
function createClient(serverUrl: string) {
  let sent = 0
  let slowestMs = 0
  const statuses = new Map<string, number>()
  const errors = new Map<string, ServerError>()

  function note(route: string, status: number, code: string): void {
    statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1)
    if (status > 0 && status < 500) return
    const key = `${route} ${status} ${code}`
    errors.set(key, { route, status, code, count: (errors.get(key)?.count ?? 0) + 1 })
  }

  /** @param route its name in the report */
  async function ask(route: string, method: 'GET' | 'POST', path: string, headers: RequestHeaders, body?: object): Promise<Answer> {
    sent += 1
    const begun = performance.now()
    try {
      const answer = await fetch(serverUrl + path, {
        method, signal: AbortSignal.timeout(requestTimeoutMs),
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const json = (answer.headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as Answer['body']) : {}
      note(route, answer.status, typeof json['code'] === 'string' ? json['code'] : '')
      return { status: answer.status, body: json }
    } catch (error) {
      note(route, 0, '')
      console.error(`${route}: ${error instanceof Error ? error.message : String(error)}`)
      return { status: 0, body: {} }
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - begun)
    }
  }

  const tally: Tally = { sent: () => sent, byStatus: () => Object.fromEntries(statuses), errors: () => [...errors.values()], slowestMs: () => slowestMs }
  return { ask, tally }
}

/** Everybody has a network of their own: a crowd is no attack. */
const addressOf = (index: number): RequestHeaders => ({ 'x-forwarded-for': `100.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}` })

/**
 * Mixed work of a shop: the rep's page, signatures, registrations, and what customers and reps do in WeCom, whose pushes follow.
 * @param chance numbers of a seed, so that a run can be repeated
 */
export async function createTraffic({ sandbox, serverUrl }: Pick<Target, 'sandbox' | 'serverUrl'>, chance: () => number) {
  const { world } = sandbox
  const { ask, tally } = createClient(serverUrl)
  const cookies = await Promise.all(staffUserIds.map((staffUserId) => staffCookieOf({ url: sandbox.url }, staffUserId)))
  const people = world.people.filter(({ type, phone }) => type === 1 && phone !== null)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
  let newcomers = 0
  const cookieOf = (index: number): RequestHeaders => ({ cookie: cookies[index] ?? '', origin: sandbox.url, ...addressOf(index) })

  async function readPage(): Promise<void> {
    const index = Math.floor(chance() * staffUserIds.length)
    const relations = world.relations().filter(({ staffUserId }) => staffUserId === staffUserIds[index])
    if (relations.length === 0) return
    const { externalUserId } = world.person(pick(relations).personId)
    await ask('GET /api/sidebar/contacts/:id', 'GET', `/api/sidebar/contacts/${externalUserId}`, cookieOf(index))
  }

  async function sign(): Promise<void> {
    const index = Math.floor(chance() * staffUserIds.length)
    await ask('GET /api/jssdk/config-signature', 'GET', `/api/jssdk/config-signature?url=${encodeURIComponent(`${sandbox.url}/sidebar/`)}`, cookieOf(index))
  }

  async function register(): Promise<void> {
    const index = newcomers++
    const person = people[index % people.length] as SandboxPerson
    const session = await ask('POST /api/members/session', 'POST', '/api/members/session', addressOf(index + 1_000), { code: world.loginCode(person.personId) })
    const headers = { ...addressOf(index + 1_000), authorization: `Bearer ${String(session.body['sessionToken'])}` }
    if (session.status !== 200 && session.status !== 201) return
    const entry = await ask('GET /api/registrations/entry', 'GET', '/api/registrations/entry', headers)
    const versions = entry.body as { policy?: { version: string }; form?: { version: string } }
    if (!versions.policy || !versions.form) return
    const consent = await ask('POST /api/consents', 'POST', '/api/consents', headers, { policyVersion: versions.policy.version, purposes: ['membership'] })
    await ask('POST /api/members/registrations', 'POST', '/api/members/registrations', { ...headers, 'idempotency-key': randomUUID() }, {
      phoneCode: world.phoneCode(person.personId), consentIds: consent.body['consentIds'] ?? [], policyVersion: versions.policy.version, formVersion: versions.form.version,
    })
  }

  /** A customer adds a rep, or a rep edits one; WeCom pushes it. */
  async function actInWecom(): Promise<void> {
    const staffUserId = pick(staffUserIds)
    const { personId } = pick(people)
    const isKnown = world.relations().some((relation) => relation.personId === personId && relation.staffUserId === staffUserId)
    if (isKnown) await world.editContactByHand({ personId, staffUserId, remark: `备注${Math.floor(chance() * 1000)}` })
    else await world.addContact({ personId, staffUserId })
  }

  const mix: readonly (readonly [number, () => Promise<unknown>])[] = [
    [0.5, readPage],
    [0.2, sign],
    // Four requests each.
    [0.05, register],
    [0.15, actInWecom],
    [0.1, () => ask('GET /healthz', 'GET', '/healthz', addressOf(9))],
  ]

  /** One thing somebody does; which, the chance decides. */
  function act(): Promise<unknown> {
    let left = chance()
    for (const [part, work] of mix) {
      left -= part
      if (left < 0) return work()
    }
    return readPage()
  }

  return { act, tally }
}
