import { randomUUID } from 'node:crypto'
import type { getRegistrationEntry } from '@qihui/shared/registration'
import type { ResponseOf } from '@qihui/shared/http'
import type { RunningServer } from './startServer.ts'

export type RegistrationEntry = ResponseOf<typeof getRegistrationEntry>

/** An answer of the product, with its body as it came. */
export interface ProductAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Calls the product past the gateway, from an address of one's own. */
export async function call(product: RunningServer, method: 'GET' | 'POST' | 'PUT', path: string, headers: Readonly<Record<string, string>>, body?: object): Promise<ProductAnswer> {
  const response = await fetch(`${product.serverUrl}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as ProductAnswer['body']) }
}

/** Every person has a network of their own: a population is no attack. */
function addressOf(personId: string): string {
  const number = Number(personId.replace(/\D/g, ''))
  return `100.${Math.floor(number / 200)}.${number % 200}.1`
}

export interface Joining {
  readonly headers: Readonly<Record<string, string>>
  readonly entry: RegistrationEntry
  consent(purposes?: readonly string[]): Promise<string[]>
  /** Registers with a fresh phone code. @param more fields of the body that differ */
  register(consentIds: readonly string[], more?: object): Promise<ProductAnswer>
}

/** A person opens the mini-program, as the phone does: silent login, then the entry of the channel. */
export async function openMiniProgram(product: RunningServer, personId: string, channelToken?: string): Promise<Joining> {
  const { world } = product.sandbox
  const from = { 'x-forwarded-for': addressOf(personId) }
  const session = await call(product, 'POST', '/api/members/session', from, { code: world.loginCode(personId) })
  const headers = { ...from, authorization: `Bearer ${String(session.body['sessionToken'])}` }
  const query = channelToken === undefined ? '' : `?scene=${channelToken}`
  const entry = (await call(product, 'GET', `/api/registrations/entry${query}`, headers)).body as unknown as RegistrationEntry
  const channel = channelToken === undefined ? {} : { channelToken }
  return {
    headers,
    entry,
    async consent(purposes = ['membership']) {
      const answer = await call(product, 'POST', '/api/consents', headers, { policyVersion: entry.policy.version, purposes, ...channel })
      return answer.body['consentIds'] as string[]
    },
    register: (consentIds, more = {}) => call(product, 'POST', '/api/members/registrations', { ...headers, 'idempotency-key': randomUUID() }, {
      phoneCode: world.phoneCode(personId), consentIds, policyVersion: entry.policy.version, formVersion: entry.form.version, ...channel, ...more,
    }),
  }
}

/** The whole way of a person to a member. @throws Error with the product's words when it refuses */
export async function join(product: RunningServer, personId: string, channelToken?: string): Promise<string> {
  const joining = await openMiniProgram(product, personId, channelToken)
  const answer = await joining.register(await joining.consent())
  const member = answer.body['member'] as { memberId: string } | undefined
  if (answer.status !== 201 || member === undefined) throw new Error(`${personId} was not registered: ${answer.status} ${JSON.stringify(answer.body)}`)
  return member.memberId
}
