import { createServer } from 'node:http'
import { decrypt, getSignature } from '@wecom/crypto'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { createManualClock } from '../clock.ts'
import { startSandbox } from '../startSandbox.ts'
import { credentials } from '../world/credentials.ts'
import { createClient, START_MS } from './client.ts'
import type { AddressInfo } from 'node:net'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Client } from './client.ts'

/** A callback as it arrived: the raw parts, and the event inside. */
export interface Arrival {
  readonly query: URLSearchParams
  readonly envelope: Readonly<Record<string, string>>
  readonly plaintext: string
  readonly receiverId: string
  readonly isSigned: boolean
  readonly event: Readonly<Record<string, string>>
}

/** A small server in the place of the product, which opens what the sandbox pushes. */
export interface Receiver {
  readonly client: Client
  arrivals: Arrival[]
  /** How the next calls are answered; 200 with an empty body unless a test says otherwise. */
  answer: (request: IncomingMessage, response: ServerResponse) => void
  /** First event that matches, waiting a little for it. */
  next(matches: (event: Readonly<Record<string, string>>) => boolean): Promise<Readonly<Record<string, string>>>
}

const parser = new XMLParser({ parseTagValue: false, processEntities: false })

function readXml(text: string): Record<string, string> {
  return (parser.parse(text) as { xml: Record<string, string> }).xml
}

function open(query: URLSearchParams, body: string): Arrival {
  const envelope = readXml(body)
  const encrypted = envelope['Encrypt'] ?? ''
  const { message, id } = decrypt(credentials.callbackAesKey, encrypted)
  const signature = getSignature(credentials.callbackToken, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted)
  return { query, envelope, plaintext: message, receiverId: id, isSigned: signature === query.get('msg_signature'), event: readXml(message) }
}

function acceptCall(receiver: Receiver, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { searchParams } = new URL(request.url ?? '/', 'http://receiver')
    if (request.method === 'POST') receiver.arrivals.push(open(searchParams, Buffer.concat(chunks).toString()))
    receiver.answer(request, response)
  })
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}

/** Starts the receiver and a sandbox that pushes to it, before the tests of a file. */
export function useReceiver(): Receiver {
  const holder: { client?: Client } = {}
  const client = new Proxy({} as Client, {
    get: (_target, key: keyof Client) => {
      if (!holder.client) throw new Error('the sandbox is not started yet')
      return holder.client[key]
    },
  })
  const receiver: Receiver = {
    client,
    arrivals: [],
    answer: (_request, response) => void response.writeHead(200).end(),
    next: (matches) => vi.waitFor(() => {
      const found = receiver.arrivals.find((arrival) => matches(arrival.event))
      if (!found) throw new Error('no such event arrived')
      return found.event
    }, { timeout: 3_000, interval: 5 }),
  }
  const server = createServer((request, response) => acceptCall(receiver, request, response))
  beforeAll(async () => {
    const port = await listen(server)
    const sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${port}`, hasStage: false, clock: createManualClock(START_MS) })
    holder.client = createClient(sandbox)
  })
  beforeEach(() => {
    receiver.arrivals = []
    receiver.answer = (_request, response) => void response.writeHead(200).end()
  })
  afterAll(async () => {
    await holder.client?.sandbox.close()
    server.closeAllConnections()
    server.close()
  })
  return receiver
}
