import type { BodyOf, Contract, QueryOf, ResponseOf } from '@qihui/shared/http'
import axios, { type AxiosAdapter, type AxiosError, type AxiosInstance } from 'axios'
import { ApiProblem, isProblem } from './ApiProblem.ts'

/** Longest wait for an answer of our own server, in milliseconds. */
const answerTimeoutMs = 10_000

type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

type ParamsPart<Path extends string> = [ParamName<Path>] extends [never] ? { params?: never } : { params: Record<ParamName<Path>, string> }
type BodyPart<Body> = [Body] extends [undefined] ? { body?: never } : { body: Body }
type QueryPart<Query> = [Query] extends [undefined] ? { query?: never } : { query: Query }
type KeyPart<C extends Contract> = C extends { isIdempotent: true } ? { idempotencyKey: string } : { idempotencyKey?: never }

/** One call of a contract. Method and path are the contract's own literals: when the contract moves, this no longer compiles. */
export type CallOf<C extends Contract> = { method: C['method']; path: C['path'] } & ParamsPart<C['path']> &
  BodyPart<BodyOf<C>> &
  QueryPart<QueryOf<C>> &
  KeyPart<C>

interface UntypedCall {
  readonly method: string
  readonly path: string
  readonly params?: Record<string, string>
  readonly body?: unknown
  readonly query?: unknown
  readonly idempotencyKey?: string
}

/** Calls our server. Rejects with `ApiProblem`, never with anything else. */
export type Http = <C extends Contract>(call: CallOf<C>) => Promise<ResponseOf<C>>

function retryAfterSeconds(headers: unknown): number | undefined {
  const value = Number((headers as Record<string, unknown> | undefined)?.['retry-after'])
  return value > 0 ? value : undefined
}

function problemOf(error: AxiosError): ApiProblem {
  const { response } = error
  if (!response) {
    const isTimeout = error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT'
    return new ApiProblem({ kind: isTimeout ? 'timeout' : 'unreachable', status: 0 })
  }
  const init = { kind: 'refused', status: response.status, retryAfterSeconds: retryAfterSeconds(response.headers) } as const
  return new ApiProblem(isProblem(response.data) ? { ...init, ...response.data, kind: 'refused', status: response.status } : init)
}

async function send(client: AxiosInstance, call: UntypedCall): Promise<unknown> {
  const url = call.path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(call.params?.[name] ?? ''))
  const headers = call.idempotencyKey ? { 'Idempotency-Key': call.idempotencyKey } : {}
  let data: unknown
  try {
    data = (await client.request<unknown>({ method: call.method, url, params: call.query, data: call.body, headers })).data
  } catch (error) {
    throw axios.isAxiosError(error) ? problemOf(error) : new ApiProblem({ kind: 'unreachable', status: 0 })
  }
  // A captive portal answers 200 with a page of its own.
  if (typeof data !== 'object' || data === null) throw new ApiProblem({ kind: 'unreadable', status: 200 })
  return data
}

/** The one HTTP client of all pages: same origin, cookie session, JSON both ways. Tests pass an adapter. */
export function createHttp(adapter?: AxiosAdapter): Http {
  const client = axios.create({
    timeout: answerTimeoutMs,
    headers: { Accept: 'application/json, application/problem+json' },
    ...(adapter ? { adapter } : {}),
  })
  return <C extends Contract>(call: CallOf<C>) => send(client, call as UntypedCall) as Promise<ResponseOf<C>>
}
