import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getOwnBenefits } from '@qihui/shared/benefit'
import { getConsentHistory, getConsentStandings, getPolicy, grantConsent, refuseConsent, withdrawConsent } from '@qihui/shared/consent'
import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import { getDraft, saveDraft } from '@qihui/shared/form'
import { recordKeyAct } from '@qihui/shared/identity'
import { getMemberCode, getMemberSelf, openMemberSession, registerMember } from '@qihui/shared/member'
import { getRegistrationEntry, recordVisit } from '@qihui/shared/registration'
import { MemberWorld, type Refusal } from './MemberWorld.ts'

/** A request as it arrived. */
export interface Received {
  readonly route: string
  readonly body: Record<string, unknown>
  readonly key: string | undefined
}

type Fault = ErrorCode | 'drop' | 'html' | 'hang'

const contracts = [
  ...[getRegistrationEntry, openMemberSession, registerMember, getMemberSelf, getMemberCode, getOwnBenefits, getPolicy],
  ...[recordVisit, getDraft, saveDraft, recordKeyAct],
  ...[grantConsent, refuseConsent, withdrawConsent, getConsentStandings, getConsentHistory],
]

/** Speaks the contracts of the server, checks every body against them, and fails where a test says so. */
export class MemberServer {
  readonly received: Received[] = []
  readonly world = new MemberWorld()
  private readonly faults = new Map<string, Fault[]>()
  private readonly held: (() => void)[] = []
  private server: Server | undefined
  private sessions = 0
  private liveToken = ''

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.handle(request, response))
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    this.release()
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`
  }

  /** The next call of this route fails. `drop` happens after the work is done, as when the answer is lost on the way. */
  failNext(route: string, fault: Fault): void {
    this.faults.set(route, [...(this.faults.get(route) ?? []), fault])
  }

  /** Lets go of the calls that hang. */
  release(): void {
    for (const answer of this.held.splice(0)) answer()
  }

  expireSession(): void {
    this.liveToken = 'ended'
  }

  routes(): readonly string[] {
    return this.received.map(({ route }) => route)
  }

  bodiesOf(route: string): readonly Received[] {
    return this.received.filter((one) => one.route === route)
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://local')
    const contract = contracts.find(({ method, path }) => method === request.method && new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(pathname))
    if (contract === undefined) return this.problem(response, 'request.notFound')
    const route = `${contract.method} ${contract.path}`
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>)
    const key = request.headers['idempotency-key']?.toString()
    this.received.push({ route, body, key })
    const fault = this.faults.get(route)?.shift()
    if (fault !== undefined && fault !== 'drop' && fault !== 'hang' && fault !== 'html') return this.problem(response, fault)
    if (fault === 'html') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502</h1>')
    if (contract.audience === 'member' && request.headers.authorization !== `Bearer ${this.liveToken}`) return this.problem(response, 'session.expired')
    const issues = 'body' in contract ? (await contract.body['~standard'].validate(body)).issues : undefined
    if (issues !== undefined) return this.problem(response, 'request.invalid')
    if ('isIdempotent' in contract && !/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(key ?? '')) return this.problem(response, 'idempotency.keyMissing')
    const answer = contract === openMemberSession ? this.openSession() : this.world.answer(route, body, key ?? '')
    if (fault === 'hang') await new Promise<void>((resolve) => this.held.push(resolve))
    if (fault === 'drop') return void response.destroy()
    if (typeof answer === 'string') return this.problem(response, answer)
    if ('code' in answer && 'errors' in answer) return this.problem(response, (answer as Refusal).code, (answer as Refusal).errors)
    const wrong = (await contract.response['~standard'].validate(answer)).issues
    if (wrong !== undefined) throw new Error(`${route}: ${wrong.map(({ message }) => message).join('; ')}`)
    response.writeHead('status' in contract ? contract.status : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  private openSession(): object {
    this.liveToken = `session-token-${++this.sessions}`
    const { isMember, member } = this.world
    return { sessionToken: this.liveToken, expiresAt: '2099-01-01T00:00:00.000Z', isRecognised: isMember, member: isMember ? member : null }
  }

  private problem(response: ServerResponse, code: ErrorCode, errors?: Refusal['errors']): void {
    const { status, title } = errorCatalogue[code]
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title, status, code, errors }))
  }
}
