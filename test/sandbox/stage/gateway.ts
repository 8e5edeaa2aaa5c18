import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { meaningOfRoute } from './meaningOfRoute.ts'
import type { WireEntry, WireLog } from '../types.ts'

/** Headers that belong to one connection, not to the message. */
const hopHeaders = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-sandbox-client'])
const clientScript = '<script src="/stage/wecom-client.js"></script>'
/** A page is a few hundred kilobytes; more is not one of ours. */
const maximumPageBytes = 4_000_000

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

/** The phone says who it is; every other page behind the gateway is shown on the desktop. */
function senderOf(request: IncomingMessage): WireEntry['from'] {
  return request.headers['x-sandbox-client'] === 'phone' ? 'phone' : 'desktop'
}

function logExchange(wire: WireLog, request: IncomingMessage, status: number, startedAt: number): void {
  const path = new URL(request.url ?? '/', 'http://gateway').pathname
  if (!path.startsWith('/api/')) return
  const { what, meaning } = meaningOfRoute(request.method ?? 'GET', path)
  wire.add({ from: senderOf(request), to: 'server', what, meaning, status, errcode: null, durationMs: Math.round(performance.now() - startedAt) })
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maximumPageBytes) throw new Error('the page is larger than any page of ours')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Puts the simulated client first in the page and lets the stage frame it; everything else stays as the server said it. */
async function answerWithClient(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const page = await readAll(answer)
  const body = Buffer.from(page.replace(/<head(?:\s[^>]*)?>/i, (head) => `${head}${clientScript}`))
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopHeaders.has(name) && name !== 'etag' && name !== 'x-frame-options'))
  const policy = answer.headers['content-security-policy']
  if (typeof policy === 'string') headers['content-security-policy'] = policy.replace(/frame-ancestors [^;]*/, "frame-ancestors 'self'")
  response.writeHead(answer.statusCode ?? 200, { ...headers, 'content-length': String(body.length) })
  response.end(body)
}

function answerPlainly(answer: IncomingMessage, response: ServerResponse): void {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopHeaders.has(name)))
  response.writeHead(answer.statusCode ?? 502, headers)
  answer.pipe(response)
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

/** The one address in front of the product: streams everything to its server, and is the web view of the desktop client. */
export interface Gateway {
  /** Answers on the raw response; the caller must not write to it any more. */
  handle(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

/** @param serverUrl where the product listens, e.g. `http://127.0.0.1:3001` */
export function createGateway(serverUrl: string, wire: WireLog): Gateway {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    handle(request, response) {
      const startedAt = performance.now()
      const headers = forwardedHeaders(request)
      if (isSidebarPage(request)) {
        delete headers['accept-encoding']
        delete headers['if-none-match']
      }
      const upstream = httpRequest(new URL(request.url ?? '/', serverUrl), { method: request.method, headers, agent }, (answer) => {
        logExchange(wire, request, answer.statusCode ?? 0, startedAt)
        const isPage = String(answer.headers['content-type'] ?? '').startsWith('text/html')
        if (isSidebarPage(request) && isPage) answerWithClient(answer, response).catch(() => response.destroy())
        else answerPlainly(answer, response)
      })
      upstream.on('error', () => {
        logExchange(wire, request, 502, startedAt)
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
