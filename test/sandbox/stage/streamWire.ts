import type { Context } from 'koa'
import { PassThrough } from 'node:stream'
import type { WireEntry, WireLog } from '../types.ts'

/** Keeps proxies and browsers from closing a silent stream. */
const heartbeatMs = 15_000

/** Server-sent events: every line of the wire from now on, and the ones after `Last-Event-ID` first. */
export function streamWire(koa: Context, wire: WireLog): void {
  const stream = new PassThrough()
  const send = (entry: WireEntry): void => {
    stream.write(`id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`)
  }
  koa.type = 'text/event-stream'
  koa.set('cache-control', 'no-store')
  koa.body = stream
  stream.write(': wire\n\n')
  const lastSeen = Number(koa.get('last-event-id') || 0)
  for (const entry of wire.entries()) if (entry.id > lastSeen) send(entry)
  const stop = wire.onEntry(send)
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs)
  heartbeat.unref()
  stream.on('close', () => {
    stop()
    clearInterval(heartbeat)
  })
}
