import { setTimeout as delay } from 'node:timers/promises'
import rawBody from 'raw-body'
import { qyapiHost } from './qyapi/host.ts'
import { wxapiHost } from './wxapi/host.ts'
import { runEndpoint } from './pipeline.ts'
import { createReorderGate } from '../faults/holdForReorder.ts'
import { mountOpenHost } from './open/mountOpenHost.ts'
import { mountSms } from './sms/mountSms.ts'
import type Koa from 'koa'
import type { ReorderGate } from '../faults/holdForReorder.ts'
import type { Endpoint, VendorCall } from './endpoint.ts'
import type { PipelineResult, VendorHost } from './pipeline.ts'
import type { VendorDeps } from './vendorDeps.ts'
import type { Fault, VendorFaultKind } from '../faults/faultPlan.ts'

/** Bodies above this are cut off; the platform takes far less. */
const MAX_BODY_BYTES = 1_048_576
const PREFIX = '/_vendor/'

interface ParsedBody {
  readonly body: Readonly<Record<string, unknown>>
  readonly isBadJson: boolean
}

function parseBody(text: string): ParsedBody {
  if (text === '') return { body: {}, isBadJson: false }
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { body: value as Record<string, unknown>, isBadJson: false } : { body: {}, isBadJson: true }
  } catch {
    return { body: {}, isBadJson: true }
  }
}

/** IPv4 without the IPv6 wrapping. */
function callerIp(ctx: Koa.Context): string {
  return (ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}

function writeResult(ctx: Koa.Context, result: PipelineResult): void {
  ctx.status = 200
  if (result.image) {
    ctx.type = 'image/png'
    ctx.body = result.image
    return
  }
  ctx.type = 'application/json; charset=UTF-8'
  ctx.body = JSON.stringify(result.body)
}

/** Faults that answer without the handler. True: the answer is written (or never will be). */
function answerWithFault(ctx: Koa.Context, endpoint: Endpoint, fault: Fault<VendorFaultKind> | null): boolean {
  if (fault?.kind === 'http5xx') {
    ctx.status = 502
    ctx.body = ''
    return true
  }
  if (fault?.kind === 'html') {
    ctx.status = 200
    ctx.type = 'text/html'
    ctx.body = '<html><head><title>系统维护</title></head><body>系统维护中</body></html>'
    return true
  }
  if (fault?.kind === 'errcode') {
    writeResult(ctx, { body: { errcode: fault.errcode, errmsg: 'injected', ...endpoint.empty }, image: null, errcode: fault.errcode })
    return true
  }
  if (fault?.kind === 'halfOpen') {
    ctx.respond = false
    return true
  }
  return false
}

/** One vendor host as Koa middleware body. Unknown paths are 404 with an empty body [0.1]. */
async function serveHost(ctx: Koa.Context, host: VendorHost, path: string, deps: VendorDeps, gate: ReorderGate): Promise<void> {
  const startedAt = performance.now()
  const to = host.name === 'qyapi' ? 'wecom' : 'wechat'
  const endpoint = host.endpoints.get(path)
  const log = (meaning: string, errcode: number | null): void => deps.wire.add({
    from: 'server', to, what: endpoint ? `${ctx.method} ${path}` : `${ctx.method} (unknown path)`, meaning,
    status: ctx.respond === false ? null : ctx.status, errcode, durationMs: Math.round(performance.now() - startedAt),
  })
  if (!endpoint) {
    ctx.status = 404
    ctx.body = ''
    log('没有这个接口', null)
    return
  }
  const text = (await rawBody(ctx.req, { limit: MAX_BODY_BYTES })).toString('utf8')
  const { body, isBadJson } = parseBody(text)
  const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
  const call: VendorCall = { state: deps.state, tokens: deps.tokens, query, body, ip: callerIp(ctx), publicUrl: deps.state.publicUrl }
  const fault = deps.faults.forVendor(path)
  if (fault?.kind === 'delay') await delay(fault.delayMs)
  if (answerWithFault(ctx, endpoint, fault)) {
    log(`${endpoint.meaning}（注入故障）`, fault?.kind === 'errcode' ? fault.errcode : null)
    return
  }
  const run = async (): Promise<PipelineResult> => {
    const done = await runEndpoint(host, endpoint, call, { method: ctx.method, isBadJson })
    if (done.errcode === 0 && endpoint.effectKey) deps.effects.done(path, endpoint.effectKey(call))
    return done
  }
  if (fault?.kind === 'duplicate') await run()
  const result = await run()
  if (fault?.kind === 'reorder') await gate.hold()
  if (fault?.kind === 'hold') {
    ctx.respond = false
    deps.faults.held(path)
  } else if (fault?.kind === 'drop') {
    ctx.respond = false
    ctx.req.socket.destroy()
  } else {
    writeResult(ctx, result)
  }
  gate.passed()
  log(endpoint.meaning, result.errcode)
}

/** Mounts `/_vendor/qyapi`, `/_vendor/wxapi`, `/_vendor/open`, `/_vendor/sms` and the pictures; everything else goes on. */
export function mountVendors(app: Koa, deps: VendorDeps): void {
  const gate = createReorderGate()
  const hosts: Readonly<Record<string, VendorHost>> = { qyapi: qyapiHost, wxapi: wxapiHost }
  mountOpenHost(app, deps)
  mountSms(app, deps)
  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith(PREFIX)) return next()
    const [name = '', ...rest] = ctx.path.slice(PREFIX.length).split('/')
    const host = hosts[name]
    if (host) return serveHost(ctx, host, `/${rest.join('/')}`, deps, gate)
    ctx.status = 404
    ctx.body = ''
  })
}
