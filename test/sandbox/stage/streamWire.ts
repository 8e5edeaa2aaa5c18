import type { Context } from 'koa'
import type { WireEntry, WireLog } from '../types.ts'

/** Keeps proxies and browsers from closing a silent stream. */
const heartbeatMs = 15_000

/**
 * Server-sent events: every line of the wire from now on, and the ones after `Last-Event-ID` first. Written on the raw response:
 * a reader that leaves is the normal end of it, not an error to report.
 */
export function streamWire(koa: Context, wire: WireLog): void {
  koa.respond = false
  const { res } = koa
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  res.write(': wire\n\n')
  const send = (entry: WireEntry): void => {
    res.write(`id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`)
  }
  const lastSeen = Number(koa.get('last-event-id') || 0)
  for (const entry of wire.entries()) if (entry.id > lastSeen) send(entry)
  const stop = wire.onEntry(send)
  const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs)
  heartbeat.unref()
  res.on('close', () => {
    stop()
    clearInterval(heartbeat)
  })
}
