import { VendorError } from './endpoint.ts'
import { createFrequencyGate } from './frequency.ts'
import type { FrequencyGate } from './frequency.ts'
import type { Endpoint, VendorAnswer, VendorCall } from './endpoint.ts'
import type { WorldState } from '../world/state.ts'

export type HostName = 'qyapi' | 'wxapi'

/** One vendor host: its table and the two things in which the hosts differ. */
export interface VendorHost {
  readonly name: HostName
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** @throws VendorError when the caller's IP may not call the endpoint */
  checkIp(call: VendorCall, endpoint: Endpoint): void
  /** @throws VendorError when the token is missing, unknown, expired or voided */
  checkToken(call: VendorCall): void
  /** The text a refusal carries. */
  describe(error: VendorError, call: VendorCall): string
}

export interface PipelineResult {
  readonly body: Readonly<Record<string, unknown>> | null
  readonly image: Buffer | null
  readonly errcode: number | null
}

/** Some success bodies carry `errmsg` with this warning when the JSON was broken [0.1]. */
const WRONG_JSON = 'Warning: wrong json format. '

const gates = new WeakMap<WorldState, FrequencyGate>()
const inFlight = new WeakMap<WorldState, Map<string, number>>()

function gateOf(state: WorldState): FrequencyGate {
  const gate = gates.get(state) ?? createFrequencyGate(state)
  gates.set(state, gate)
  return gate
}

/** Holds one place of an API while it runs. @throws VendorError 45033 when all places are taken [1.1] */
async function withConcurrency<T>(state: WorldState, path: string, run: () => Promise<T>): Promise<T> {
  const counts = inFlight.get(state) ?? new Map<string, number>()
  inFlight.set(state, counts)
  const running = counts.get(path) ?? 0
  if (running >= (state.settings.concurrency.get(path) ?? Infinity)) throw new VendorError(45033, 'api concurrent out of limit')
  counts.set(path, running + 1)
  try {
    return await run()
  } finally {
    counts.set(path, (counts.get(path) ?? 1) - 1)
  }
}

async function answer(host: VendorHost, endpoint: Endpoint, call: VendorCall, method: string): Promise<VendorAnswer> {
  host.checkIp(call, endpoint)
  if (endpoint.token === 'access') host.checkToken(call)
  if (method !== endpoint.method) {
    throw endpoint.method === 'POST' ? new VendorError(43002, 'require POST method') : new VendorError(43001, 'require GET method')
  }
  if (endpoint.needsContactApi && !call.state.settings.hasContactApi) throw new VendorError(48002, 'api forbidden for this app')
  if (!endpoint.isExempt?.(call)) gateOf(call.state).pass(host.name, endpoint.path, call.ip)
  return withConcurrency(call.state, endpoint.path, async () => endpoint.handle(call))
}

/**
 * The way of every call: trusted IP, token, method, right, frequency, handler; a refusal keeps the endpoint's default empty fields
 * and is HTTP 200 all the same [0.1].
 */
export async function runEndpoint(
  host: VendorHost, endpoint: Endpoint, call: VendorCall, request: { method: string; isBadJson: boolean },
): Promise<PipelineResult> {
  const warning = request.isBadJson ? WRONG_JSON : ''
  try {
    const result = await answer(host, endpoint, call, request.method)
    if ('image' in result && Buffer.isBuffer(result.image)) return { body: null, image: result.image, errcode: null }
    if (endpoint.isBareOnSuccess) return { body: result as Record<string, unknown>, image: null, errcode: null }
    return { body: { errcode: 0, errmsg: `${warning}ok`, ...result }, image: null, errcode: 0 }
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    const body = { errcode: error.errcode, errmsg: `${warning}${host.describe(error, call)}`, ...endpoint.empty }
    return { body, image: null, errcode: error.errcode }
  }
}
