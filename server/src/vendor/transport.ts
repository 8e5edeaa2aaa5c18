import { AppError } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import type { CallMeter } from './callMeter.ts'
import { createCircuit, type Circuit } from './circuit.ts'
import type { Sightings } from './sightings.ts'
import { takeTurns } from './takeTurns.ts'
import { VendorRefusal } from './VendorRefusal.ts'

/** An answer later than this is no answer: a person is waiting. */
const callTimeoutMs = 5_000
/** No answer we read comes near this; a body beyond it is a fault or an attack (test 16). */
const maxAnswerBytes = 1024 * 1024
/** The vendor is there and asks for patience (platform 1.1). */
const busyErrcode = -1
const openBrace = 0x7b

/** The part of a vendor's JSON answer every endpoint shares. */
export type VendorJson = Readonly<Record<string, unknown>>

/** One call. Tokens and codes travel in `query` and are therefore never logged. */
export interface VendorCall {
  readonly method: 'GET' | 'POST'
  /** `/cgi-bin/gettoken`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The wire to one vendor host. */
export interface Transport {
  /** @throws VendorRefusal for an errcode other than 0, AppError `vendor.unavailable` for everything that is no answer. */
  json(call: VendorCall): Promise<VendorJson>
  /** For calls that answer an image, or JSON when they fail. */
  bytes(call: VendorCall): Promise<Buffer>
}

export interface TransportOptions {
  /** `wecom` or `wechat`: how logs and messages name the host. */
  readonly vendor: string
  /** What a person reads: 企业微信 or 微信. */
  readonly vendorName: string
  readonly base: string
  /** Windows of the host's frequency limits, shortest first; a minute unless said otherwise. */
  readonly frequencyWindowsMs?: readonly number[]
  readonly now: () => Date
  readonly log: Logger
  /** Refusals are counted for the doctor; absent where one is the answer that was asked for. */
  readonly sightings?: Pick<Sightings, 'note'>
  /** Told of every call; absent as above. */
  readonly meter?: CallMeter
}

async function readCapped(response: Response): Promise<Buffer> {
  if (Number(response.headers.get('content-length') ?? 0) > maxAnswerBytes) {
    await response.body?.cancel()
    throw new Error(`answer larger than ${maxAnswerBytes} bytes`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) throw new Error(`answer larger than ${maxAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseObject(bytes: Buffer): VendorJson | null {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as VendorJson) : null
  } catch {
    return null
  }
}

function asRefusal(vendor: string, path: string, json: VendorJson): VendorRefusal | null {
  const errcode = json['errcode']
  // Some success bodies leave errcode out (platform 0.1, 8.1); failures always carry one.
  if (errcode === undefined || errcode === 0) return null
  return new VendorRefusal(vendor, path, Number(errcode), String(json['errmsg'] ?? ''))
}

async function exchange(options: TransportOptions, call: VendorCall): Promise<Buffer> {
  const url = new URL(options.base.replace(/\/+$/, '') + call.path)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  const response = await fetch(url, {
    method: call.method,
    redirect: 'manual',
    signal: AbortSignal.timeout(callTimeoutMs),
    ...(call.body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(call.body) }),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`HTTP ${response.status}`)
  }
  return readCapped(response)
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause as { code?: unknown } | undefined
  return typeof cause?.code === 'string' ? cause.code : error.message
}

/**
 * A transport over fetch: 5 s for the whole exchange, 1 MiB of answer, no redirects, JSON only (OWASP API10).
 * It does not retry what may have had an effect: that is the job queue's work, so that a slow vendor cannot hold a request.
 * After a frequency refusal (45009) the same path stays shut for its window, and one call tries before the others follow;
 * after one for crowding (45033) fewer leave at once, and the refused one asks again for its place.
 */
export function createTransport(options: TransportOptions): Transport {
  const { vendor, vendorName, log } = options
  const circuit: Circuit = createCircuit(options.now)
  const unavailable = (): AppError => new AppError('vendor.unavailable', `${vendorName}暂时没有正常应答，请稍后再试`)
  const inTurn = takeTurns({ ...options, circuit, unavailable })

  function refuse(refusal: VendorRefusal): never {
    options.sightings?.note(`${vendor}.${refusal.errcode} ${refusal.path}`)
    options.meter?.vendorRefused(vendor, refusal.path, refusal.errcode)
    throw refusal
  }

  async function send(call: VendorCall): Promise<Buffer> {
    try {
      return await exchange(options, call)
    } catch (error) {
      circuit.failed()
      log.warn({ vendor, path: call.path, cause: causeOf(error) }, 'vendor call failed')
      throw unavailable()
    }
  }

  /** An answer came; a host that says it is busy is spared like one that says nothing. */
  function noteAnswer(refusal: VendorRefusal | null): void {
    if (refusal?.errcode === busyErrcode) circuit.failed()
    else circuit.succeeded()
  }

  async function json(call: VendorCall): Promise<VendorJson> {
    const answer = parseObject(await send(call))
    if (answer === null) {
      circuit.failed()
      log.warn({ vendor, path: call.path, cause: 'not a JSON object' }, 'vendor call failed')
      throw unavailable()
    }
    const refusal = asRefusal(vendor, call.path, answer)
    noteAnswer(refusal)
    return refusal === null ? answer : refuse(refusal)
  }

  async function bytes(call: VendorCall): Promise<Buffer> {
    const answer = await send(call)
    const problem = answer[0] === openBrace ? parseObject(answer) : null
    const refusal = problem && asRefusal(vendor, call.path, problem)
    noteAnswer(refusal)
    return refusal ? refuse(refusal) : answer
  }

  return { json: (call) => inTurn(call.path, () => json(call)), bytes: (call) => inTurn(call.path, () => bytes(call)) }
}
