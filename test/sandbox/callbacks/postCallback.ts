import { request } from 'node:http'

interface Input {
  readonly url: string
  readonly body: string
  /** Real milliseconds before the connection is cut. */
  readonly timeoutMs: number
  /** Send the head and half the body, then nothing: a half-open connection. */
  readonly isHalfOpen: boolean
  readonly signal: AbortSignal
}

/** Posts one callback. The status is null when nobody answered in time; a refused connection never throws. */
export function postCallback(input: Input): Promise<{ status: number | null }> {
  return new Promise((resolve) => {
    const body = Buffer.from(input.body)
    const outgoing = request(input.url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length },
      signal: AbortSignal.any([input.signal, AbortSignal.timeout(input.timeoutMs)]),
      agent: false,
    }, (incoming) => {
      incoming.resume()
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? null }))
      incoming.on('error', () => resolve({ status: null }))
    })
    outgoing.on('error', () => resolve({ status: null }))
    if (input.isHalfOpen) outgoing.write(body.subarray(0, body.length / 2))
    else outgoing.end(body)
  })
}
