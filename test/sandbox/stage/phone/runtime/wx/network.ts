import { settle, WxFailure, type CallOptions } from './settle.ts'

interface RequestOptions extends CallOptions {
  readonly url: string
  readonly method?: string
  readonly data?: unknown
  readonly header?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly dataType?: string
}

/** The client's own limit when the caller sets none. */
const defaultTimeoutMs = 60_000

function localAddress(url: string, apiHost: string): string {
  const target = new URL(url)
  if (target.protocol !== 'https:' || target.host !== apiHost) throw new WxFailure('url not in domain list', 600002)
  return `${location.origin}${target.pathname}${target.search}`
}

function withQuery(address: string, data: unknown): string {
  const target = new URL(address)
  for (const [key, value] of Object.entries((data ?? {}) as Record<string, unknown>)) target.searchParams.set(key, String(value))
  return target.toString()
}

function bodyOf(data: unknown): string | undefined {
  if (data === undefined || data === null) return undefined
  return typeof data === 'string' ? data : JSON.stringify(data)
}

async function readData(response: Response, dataType: string | undefined): Promise<unknown> {
  const text = await response.text()
  if (dataType !== undefined && dataType !== 'json') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

async function exchange(options: RequestOptions, apiHost: string, controller: AbortController): Promise<Record<string, unknown>> {
  const method = (options.method ?? 'GET').toUpperCase()
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const address = localAddress(options.url, apiHost)
  const timer = setTimeout(() => controller.abort(new WxFailure('timeout', 5)), options.timeout ?? defaultTimeoutMs)
  try {
    const response = await fetch(hasBody ? address : withQuery(address, options.data), {
      method,
      headers: { 'content-type': 'application/json', ...options.header, 'x-sandbox-client': 'phone' },
      ...(hasBody ? { body: bodyOf(options.data) } : {}),
      credentials: 'omit',
      cache: 'no-store',
      signal: controller.signal,
    })
    return { statusCode: response.status, header: Object.fromEntries(response.headers), cookies: [], data: await readData(response, options.dataType) }
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason
    throw new WxFailure(error instanceof Error ? error.message : String(error), 600001)
  } finally {
    clearTimeout(timer)
  }
}

/** `wx.request`: only the host of the domain list is reachable; it is answered by the local gateway. */
export function createNetwork(apiHost: string): Record<string, unknown> {
  return {
    request(options: RequestOptions) {
      const controller = new AbortController()
      const promise = settle('request', options, () => exchange(options, apiHost, controller))
      const task = {
        abort: () => controller.abort(new WxFailure('abort')),
        onHeadersReceived: () => undefined,
        offHeadersReceived: () => undefined,
      }
      return promise === undefined ? task : Object.assign(promise, task)
    },
    getNetworkType: (options?: CallOptions) => settle('getNetworkType', options, () => ({ networkType: 'wifi', isConnected: navigator.onLine })),
    onNetworkStatusChange: () => undefined,
    offNetworkStatusChange: () => undefined,
  }
}
