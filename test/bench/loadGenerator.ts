/**
 * Sends prepared HTTP requests over keep-alive connections and times them; a process of its own, so that its work is not
 * counted as the server's. Raw sockets: the request bytes are made before the clock starts.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

/** What to send: the file holds one request per line as a JSON string. */
export interface LoadOrder {
  readonly file: string
  readonly port: number
  readonly connections: number
}

export interface LoadReport {
  readonly seconds: number
  readonly operations: number
  readonly p99Ms: number
  readonly pingP99Ms: number
}

const PING_INTERVAL_MS = 10
const PING = Buffer.from('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')

/** One keep-alive connection that sends a request and waits for its whole answer. */
async function openConnection(port: number): Promise<(request: Buffer) => Promise<{ status: number; text: string }>> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect(port, '127.0.0.1', () => resolve(opened))
    opened.once('error', reject)
  })
  socket.setNoDelay(true)
  let received = ''
  let settle: { resolve(answer: { status: number; text: string }): void; reject(error: Error): void } | null = null
  const take = () => {
    const end = received.indexOf('\r\n\r\n')
    if (end === -1 || !settle) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0)
    // Latin-1 keeps one character per byte, so the length is that of the body.
    if (received.length < end + 4 + length) return
    const answer = { status: Number(received.slice(9, 12)), text: received.slice(end + 4, end + 4 + length) }
    received = received.slice(end + 4 + length)
    settle.resolve(answer)
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    take()
  })
  socket.on('close', () => settle?.reject(new Error('the server closed the connection')))
  return (request) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject }
      socket.write(request)
    })
}

function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0
}

async function runLoad({ file, port, connections }: LoadOrder): Promise<LoadReport> {
  const requests = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => Buffer.from(JSON.parse(line) as string))
  const senders = await Promise.all(Array.from({ length: connections }, () => openConnection(port)))
  const ping = await openConnection(port)
  const pings: number[] = []
  let isPinging = false
  const pinger = setInterval(() => {
    if (isPinging) return
    isPinging = true
    const sent = performance.now()
    void ping(PING).then(() => {
      pings.push(performance.now() - sent)
      isPinging = false
    })
  }, PING_INTERVAL_MS)
  const times: number[] = []
  let next = 0
  const started = performance.now()
  await Promise.all(senders.map(async (send) => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index]
      if (!request) return
      const sent = performance.now()
      const { status, text } = await send(request)
      times.push(performance.now() - sent)
      if (status < 200 || status > 299) throw new Error(`request ${index} was answered ${status}: ${text.slice(0, 300)}`)
    }
  }))
  const seconds = (performance.now() - started) / 1000
  clearInterval(pinger)
  return { seconds, operations: requests.length, p99Ms: percentile99(times), pingP99Ms: percentile99(pings) }
}

process.once('message', (order: LoadOrder) => {
  runLoad(order).then(
    (report) => process.send?.(report, () => process.exit(0)),
    (error: Error) => process.send?.({ error: error.message }, () => process.exit(1)),
  )
})
