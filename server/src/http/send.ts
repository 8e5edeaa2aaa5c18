import type Koa from 'koa'
import type { RequestState } from './requestState.ts'

/**
 * Writes a whole answer, head and body in one go, with the request's id.
 * Koa would set, look up and check each header by itself, which costs as much as the work of a small route.
 * @param headers names and values in turn; what was set on the context before goes with them
 */
export function send(ctx: Koa.Context, status: number, headers: readonly string[], body: string): void {
  ctx.respond = false
  const { requestId } = ctx.state as RequestState
  ctx.res.writeHead(status, [...headers, 'content-length', String(Buffer.byteLength(body)), 'x-request-id', requestId])
  ctx.res.end(body)
}
