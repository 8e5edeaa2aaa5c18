import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import type { BodyOf, Contract, ResponseOf } from '@qihui/shared/http'
import { AxiosError, AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

interface Asked<C extends Contract> {
  readonly params: Record<string, string>
  readonly query: Record<string, string>
  readonly body: BodyOf<C>
  readonly idempotencyKey: string | null
}

/** An answer that is not the contract's: a problem, an answer of somebody else, or none at all. */
export type Refusal =
  | { readonly kind: 'problem'; readonly code: ErrorCode; readonly headers?: Record<string, string> }
  | { readonly kind: 'foreign'; readonly status: number; readonly data: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable' }

class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.kind)
    this.refusal = refusal
  }
}

interface Route {
  readonly contract: Contract
  readonly pattern: RegExp
  readonly answer: (asked: Asked<Contract>) => unknown
}

function respond(config: InternalAxiosRequestConfig, status: number, data: unknown, headers: Record<string, string> = {}): AxiosResponse {
  const response: AxiosResponse = { config, status, statusText: '', data, headers: new AxiosHeaders(headers) }
  if (status < 400) return response
  throw new AxiosError(`status ${status}`, 'ERR_BAD_REQUEST', config, null, response)
}

function refuse(config: InternalAxiosRequestConfig, refusal: Refusal): AxiosResponse {
  if (refusal.kind === 'timeout') throw new AxiosError('timeout', 'ECONNABORTED', config)
  if (refusal.kind === 'unreachable') throw new AxiosError('Network Error', 'ERR_NETWORK', config)
  if (refusal.kind === 'foreign') return respond(config, refusal.status, refusal.data)
  const { status, title } = errorCatalogue[refusal.code]
  return respond(config, status, { type: 'about:blank', title, status, code: refusal.code, requestId: 'req-test' }, refusal.headers)
}

async function check(what: string, schema: Contract['response'] | undefined, value: unknown): Promise<void> {
  const result = await schema?.['~standard'].validate(value)
  if (result?.issues) throw new Error(`${what}: ${result.issues.map((issue) => issue.message).join('; ')}`)
}

/**
 * An axios adapter that speaks the contracts: requests and answers are checked against the schemas of shared, so a page that passes
 * here asks the real server what it understands. A request nobody described fails the test.
 */
export function contractServer() {
  const routes: Route[] = []
  const asked: string[] = []
  const keys: string[] = []

  /** The latest answer for a contract wins; it may throw through `refusing`. */
  function on<C extends Contract>(contract: C, answer: (asked: Asked<C>) => ResponseOf<C> | Promise<ResponseOf<C>>): void {
    const pattern = new RegExp(`^${contract.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    routes.unshift({ contract, pattern, answer: answer as Route['answer'] })
  }

  async function serve(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const method = (config.method ?? 'get').toUpperCase()
    const url = config.url ?? ''
    asked.push(`${method} ${url}`)
    const route = routes.find(({ contract, pattern }) => contract.method === method && pattern.test(url))
    if (!route) throw new Error(`No contract was told to answer ${method} ${url}`)
    const key = config.headers.get('Idempotency-Key')
    const idempotencyKey = typeof key === 'string' ? key : null
    if (idempotencyKey) keys.push(idempotencyKey)
    if (route.contract.isIdempotent && !/^[0-9a-f-]{36}$/.test(idempotencyKey ?? '')) throw new Error(`${url} needs an Idempotency-Key`)
    const params = route.pattern.exec(url)?.groups ?? {}
    const body: unknown = typeof config.data === 'string' ? JSON.parse(config.data) : config.data
    await check(`params of ${url}`, route.contract.params, params)
    await check(`query of ${url}`, route.contract.query, config.params)
    await check(`body of ${url}`, route.contract.body, body)
    try {
      const data = await route.answer({ params, query: (config.params ?? {}) as Record<string, string>, body: body as never, idempotencyKey })
      await check(`answer of ${url}`, route.contract.response, data)
      return respond(config, route.contract.status ?? 200, data)
    } catch (error) {
      if (error instanceof Refused) return refuse(config, error.refusal)
      throw error
    }
  }

  const adapter: AxiosAdapter = serve
  return { adapter, on, asked, keys }
}

/** Throws inside an answer, to refuse it. */
export function refusing(refusal: Refusal): never {
  throw new Refused(refusal)
}
