import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerPage, endToEnd, hopHeaders } from './answerPage.ts'
import { meaningOfRoute } from './meaningOfRoute.ts'
import { createCookieJars, type CookieJars } from './place/cookieJars.ts'
import { places, readVisit, type Visit } from './place/places.ts'
import type { WireEntry, WireLog } from '../types.ts'

const desktopScript = { script: '/stage/wecom-client.js', mayDraw: false }
const placeScript = { script: '/stage/place-client.js', mayDraw: true }

function forwardedHeaders(request: IncomingMessage): IncomingHttpHeaders {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name)))
  const seen = request.headers['x-forwarded-for']
  const address = request.socket.remoteAddress ?? ''
  return {
    ...headers,
    'x-forwarded-for': seen === undefined ? address : `${String(seen)}, ${address}`,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': request.headers.host ?? '',
  }
}

/** The desktop client shows the sidebar in its own web view; here an iframe stands for it. */
function isSidebarPage(request: IncomingMessage): boolean {
  return request.headers['sec-fetch-dest'] === 'iframe' && (request.url ?? '').startsWith('/sidebar/')
}

/** The phone says who it is, a place knows its screen; every other page behind the gateway is shown on the desktop. */
function senderOf(request: IncomingMessage, visit: Visit | null): WireEntry['from'] {
  if (visit !== null) return places[visit.place].screen
  return request.headers['x-sandbox-client'] === 'phone' ? 'phone' : 'desktop'
}

function explainOutage(request: IncomingMessage, response: ServerResponse, serverUrl: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const title = '产品服务没有响应'
  if (String(request.headers.accept ?? '').includes('text/html')) {
    response.writeHead(502, { 'content-type': 'text/html; charset=utf-8' })
    response.end(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${title}</title><body style="font:15px/1.7 sans-serif;padding:32px 24px"><h1 style="font-size:18px">${title}</h1><p>服务可能还在启动。请稍候再打开；如果一直这样，请看服务端日志。</p></body></html>`)
    return
  }
  response.writeHead(502, { 'content-type': 'application/problem+json; charset=utf-8' })
  response.end(JSON.stringify({ type: 'about:blank', title, status: 502, code: 'server.unavailable', detail: `沙盒网关连不上 ${serverUrl}，请看服务端日志` }))
}

/** The one address in front of the product: streams everything to its server, and is the web view of the simulated clients. */
export interface Gateway {
  /** Answers on the raw response; the caller must not write to it any more. */
  handle(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

interface Deps {
  /** Where the product listens, e.g. `http://127.0.0.1:3001`. */
  readonly serverUrl: string
  readonly wire: WireLog
  /** The one address itself: web authorisation pages of a place are there. */
  url(): string
}

/** What a place's client sends: its own name and cookies, and who is logged in to it when it asks the platform. */
function placeHeaders(visit: Visit, jars: CookieJars): IncomingHttpHeaders {
  const place = places[visit.place]
  const identity = visit.path.startsWith('/_vendor/') && place.isLoggedIn ? `sandbox_identity=${place.holder}:${encodeURIComponent(visit.holderId)}` : ''
  const cookie = [jars.header(visit), identity].filter(Boolean).join('; ')
  return { 'user-agent': place.userAgent, ...(cookie === '' ? {} : { cookie }) }
}

/** Keeps a redirect inside the place when it leads to an address of our own. */
function localLocation(location: string, visit: Visit, own: string): string {
  if (location.startsWith('/') && !location.startsWith('//')) return `${visit.prefix}${location}`
  return location.startsWith(`${own}/`) ? `${visit.prefix}${location.slice(own.length)}` : location
}

export function createGateway({ serverUrl, wire, url }: Deps): Gateway {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const jars = createCookieJars()

  function log(request: IncomingMessage, visit: Visit | null, status: number, startedAt: number): void {
    const path = new URL(visit?.path ?? request.url ?? '/', 'http://gateway').pathname
    if (!path.startsWith('/api/')) return
    const { what, meaning } = meaningOfRoute(request.method ?? 'GET', path)
    wire.add({ from: senderOf(request, visit), to: 'server', what, meaning, status, errcode: null, durationMs: Math.round(performance.now() - startedAt) })
  }

  function headersFor(request: IncomingMessage, visit: Visit | null): IncomingHttpHeaders {
    const headers = forwardedHeaders(request)
    if (visit !== null || isSidebarPage(request)) {
      delete headers['accept-encoding']
      delete headers['if-none-match']
    }
    if (visit === null) return headers
    delete headers.cookie
    return { ...headers, ...placeHeaders(visit, jars) }
  }

  async function answerWith(request: IncomingMessage, response: ServerResponse, visit: Visit | null, answer: IncomingMessage): Promise<void> {
    const headers = endToEnd(answer)
    if (visit !== null) {
      jars.keep(visit, answer.headers['set-cookie'] ?? [])
      delete headers['set-cookie']
      if (answer.headers.location !== undefined) headers['location'] = localLocation(answer.headers.location, visit, url())
    }
    const isPage = String(answer.headers['content-type'] ?? '').startsWith('text/html')
    if (isPage && visit !== null) return answerPage(answer, response, headers, placeScript)
    if (isPage && isSidebarPage(request)) return answerPage(answer, response, headers, desktopScript)
    response.writeHead(answer.statusCode ?? 502, headers)
    answer.pipe(response)
  }

  return {
    handle(request, response) {
      const startedAt = performance.now()
      const visit = readVisit(request.url ?? '/')
      const target = visit?.path.startsWith('/_vendor/') === true ? url() : serverUrl
      const upstream = httpRequest(new URL(visit?.path ?? request.url ?? '/', target), { method: request.method, headers: headersFor(request, visit), agent }, (answer) => {
        log(request, visit, answer.statusCode ?? 0, startedAt)
        answerWith(request, response, visit, answer).catch(() => response.destroy())
      })
      upstream.on('error', () => {
        log(request, visit, 502, startedAt)
        explainOutage(request, response, serverUrl)
      })
      response.on('close', () => {
        if (!response.writableEnded) upstream.destroy()
      })
      request.pipe(upstream)
    },
    close: () => agent.destroy(),
  }
}
