import type { IncomingMessage, ServerResponse } from 'node:http'

/** Headers that belong to one connection, not to the message. */
export const hopHeaders = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-sandbox-client'])
/** A page is a few hundred kilobytes; more is not one of ours. */
const maximumPageBytes = 4_000_000

export type OutgoingHeaders = Record<string, string | string[] | undefined>

/** The answer's headers without those of the connection. */
export function endToEnd(answer: IncomingMessage): OutgoingHeaders {
  return Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopHeaders.has(name)))
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

/** The stage frames the page; the client itself is not bound by the page's rules for scripts, nor by those for styles when it draws. */
function relaxPolicy(policy: string, mayDraw: boolean): string {
  const framed = policy.replace(/frame-ancestors [^;]*/, "frame-ancestors 'self'")
  if (!mayDraw) return framed
  const scripted = /script-src/.test(framed) ? framed : `${framed}; script-src 'self'`
  return scripted.replace(/style-src [^;]*/, (rule) => (rule.includes("'unsafe-inline'") ? rule : `${rule} 'unsafe-inline'`))
}

/**
 * Puts the script of the simulated client first in the page and lets the stage frame it; everything else stays as the server said it.
 * @param options `script`: its address; `mayDraw`: the client draws into the page (the open tag of WeChat)
 */
export async function answerPage(answer: IncomingMessage, response: ServerResponse, headers: OutgoingHeaders, options: { readonly script: string; readonly mayDraw: boolean }): Promise<void> {
  const page = await readAll(answer)
  const body = Buffer.from(page.replace(/<head(?:\s[^>]*)?>/i, (head) => `${head}<script src="${options.script}"></script>`))
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'etag' && name !== 'x-frame-options'))
  const policy = kept['content-security-policy']
  if (typeof policy === 'string') kept['content-security-policy'] = relaxPolicy(policy, options.mayDraw)
  response.writeHead(answer.statusCode ?? 200, { ...kept, 'content-length': String(body.length) })
  response.end(body)
}
