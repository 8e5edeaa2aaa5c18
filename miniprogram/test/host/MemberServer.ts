import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getPolicy, grantConsent } from '@qihui/shared/consent'
import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import { registrationGrowth } from '@qihui/shared/growth'
import { getMemberCode, getMemberSelf, openMemberSession, registerMember, type MemberSelf } from '@qihui/shared/member'
import { getRegistrationEntry } from '@qihui/shared/registration'
import { tierProgress, tiers } from '@qihui/shared/tier'

/** A request as it arrived. */
export interface Received {
  readonly route: string
  readonly body: Record<string, unknown>
  readonly key: string | undefined
}

type Fault = ErrorCode | 'drop' | 'html' | 'hang'

const contracts = [getRegistrationEntry, openMemberSession, grantConsent, registerMember, getMemberSelf, getMemberCode, getPolicy]
const policySections = [{ heading: '我们收集什么', paragraphs: ['入会时收集您的手机号。'] }]

const tier = tierProgress(registrationGrowth)

export const member: MemberSelf = {
  memberId: '0190b6f0-0000-7000-8000-000000000001',
  memberNo: 'M2026000001',
  tier: { ...tier, benefits: [...tier.benefits] },
  phoneMasked: '138****1111',
  registeredAt: '2026-11-22T03:00:00.000Z',
  adviser: { name: '李敏' },
}

/** Speaks the contracts of the server, checks every body against them, and fails where a test says so. */
export class MemberServer {
  readonly received: Received[] = []
  policyVersion = '2026-11'
  isMember = false
  outcome: 'registered' | 'recovered' = 'registered'
  private readonly faults = new Map<string, Fault[]>()
  private readonly held: (() => void)[] = []
  private server: Server | undefined
  private readonly answered = new Map<string, object>()
  private sessions = 0
  private liveToken = ''
  private consents = 0

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
    const answer = this.answer(route, body, key)
    if (fault === 'hang') await new Promise<void>((resolve) => this.held.push(resolve))
    if (fault === 'drop') return void response.destroy()
    if (typeof answer === 'string') return this.problem(response, answer)
    response.writeHead('status' in contract ? contract.status : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  private answer(route: string, body: Record<string, unknown>, key = ''): object | ErrorCode {
    const policy = { version: this.policyVersion, title: '企会会员隐私政策', summary: ['入会只需手机号', '用于识别会员与服务联系', '不会提供给第三方', '随时可以撤回同意', '可以要求删除'] }
    switch (route) {
      case 'GET /api/registrations/entry':
        return {
          brandName: '企会', tiers, registrationGrowth, policy,
          channel: { token: 'Scan0Token0Scan0Token0', name: '收银台海报', storeName: '南京西路店', staffName: '李敏' },
          form: { version: '1', fields: [{ key: 'phone', label: '手机号', purpose: '会员身份确认与服务联系' }] },
        }
      case 'POST /api/members/session':
        this.liveToken = `session-token-${++this.sessions}`
        return { sessionToken: this.liveToken, expiresAt: '2099-01-01T00:00:00.000Z', isRecognised: this.isMember, member: this.isMember ? member : null }
      case 'POST /api/consents':
        if (body['policyVersion'] !== this.policyVersion) return 'consent.policyOutdated'
        return { consentIds: [`0190b6f0-0000-7000-8000-${String(++this.consents).padStart(12, '0')}`], policyVersion: this.policyVersion }
      case 'POST /api/members/registrations':
        return this.register(body, key)
      case 'GET /api/members/me':
        return this.isMember ? member : 'member.notFound'
      case 'GET /api/members/me/code':
        return { code: '880012345678', imageDataUrl: 'data:image/png;base64,iVBORw0KGgo=', expiresAt: new Date(Date.now() + 60_000).toISOString() }
      default:
        return { version: this.policyVersion, title: policy.title, publishedAt: '2026-11-01', textHash: 'hash', sections: policySections }
    }
  }

  private register(body: Record<string, unknown>, key: string): object | ErrorCode {
    if (body['policyVersion'] !== this.policyVersion) return 'consent.policyOutdated'
    const before = this.answered.get(key)
    if (before !== undefined) return before
    this.isMember = true
    const answer = { outcome: this.outcome, member }
    this.answered.set(key, answer)
    return answer
  }

  private problem(response: ServerResponse, code: ErrorCode): void {
    const { status, title } = errorCatalogue[code]
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title, status, code }))
  }
}
