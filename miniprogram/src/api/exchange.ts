import type { BodyOf, Contract, QueryOf, ResponseOf } from '@qihui/shared/http'
import { NetworkError, send } from '../platform/network.ts'
import { ApiError, errorOf } from './ApiError.ts'

/** The address of a contract, spelled out: importing the contract itself would put the whole schema library into the package. */
export interface Route<C extends Contract> {
  readonly method: C['method']
  readonly path: C['path']
}

/** What a call sends. */
export interface Input<C extends Contract> {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: QueryOf<C>
  readonly body?: BodyOf<C>
  readonly headers?: Readonly<Record<string, string>>
}

function urlOf(path: string, params: Readonly<Record<string, string>>, query: object): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`]))
  return `${__API_BASE__}${filled}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`
}

/** One call of the server, typed by its contract. @throws ApiError */
export async function exchange<C extends Contract>(route: Route<C>, input: Input<C> = {}): Promise<ResponseOf<C>> {
  const { params = {}, headers = {} } = input
  // `BodyOf` and `QueryOf` stay unresolved for an open `C`; for each contract they are objects or absent.
  const query = (input.query ?? {}) as object
  const body = input.body as object | undefined
  try {
    const answer = await send({ method: route.method, url: urlOf(route.path, params, query), headers, body })
    if (answer.status < 200 || answer.status >= 300) throw errorOf(answer.status, answer.body)
    return answer.body as ResponseOf<C>
  } catch (error) {
    throw error instanceof NetworkError ? new ApiError('network.unreachable') : error
  }
}
