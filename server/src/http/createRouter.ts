import { AppError, type FieldProblem } from '@qihui/shared/errors'
import type { Contract } from '@qihui/shared/http'
import findMyWay from 'find-my-way'
import type Koa from 'koa'
import * as v from 'valibot'
import type { Tx } from '../db/pool.ts'
import { memberCookie, staffCookie, type Actor, type Authenticators, type MemberActor, type StaffActor } from './actor.ts'
import { requestHashOf, runOnce } from './idempotency.ts'
import { readJson } from './readBody.ts'
import type { RawQuery, Route } from './route.ts'
import type { RequestState } from './requestState.ts'
import { send } from './send.ts'

/** What the pipeline needs from the outside. */
export interface RouterServices {
  readonly db: Tx
  readonly now: () => Date
  readonly authenticators: Authenticators
  /** Origin browsers reach us at; mutations with a staff cookie must come from it. */
  readonly publicOrigin: string
}

/** Parameters of the path and of the query, as the table of routes reads them from the address. */
interface Found {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly searchParams: RawQuery
}
/** Read without a cookie parser: it is one known name, on every call of the sidebar. */
const staffCookieShape = new RegExp(`(?:^|; ?)${staffCookie}=([\\w-]{1,512})`)
const memberCookieShape = new RegExp(`(?:^|; ?)${memberCookie}=([\\w-]{1,512})`)
const idempotencyKeyShape = /^[0-9A-Za-z_-]{8,64}$/

const jsonHeaders = ['content-type', 'application/json; charset=utf-8', 'cache-control', 'no-store', 'x-content-type-options', 'nosniff']

function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown, place: string): T {
  const parsed = v.safeParse(schema, value, { abortPipeEarly: true })
  if (parsed.success) return parsed.output
  const errors: FieldProblem[] = parsed.issues.slice(0, 20).map((issue) => {
    const path = v.getDotPath(issue)
    return { path: path === null ? place : `${place}.${path}`, message: issue.message }
  })
  throw new AppError('request.invalid', undefined, errors)
}

function bearerOf(ctx: Koa.Context): string | null {
  const match = /^Bearer ([\w.~+/=-]{16,512})$/.exec(ctx.req.headers.authorization ?? '')
  return match?.[1] ?? null
}

/** Cookies ride along on their own, so a mutation must prove it comes from our own pages (trust test 21). */
function requireOwnOrigin(ctx: Koa.Context, publicOrigin: string): void {
  if (ctx.get('origin') !== publicOrigin) throw new AppError('request.originRefused')
}

/** Refuses who holds the right for no instance at all, before anything is read (R59); which instances, queries decide. */
function requirePermission(staff: StaffActor, { audience, permission }: Contract): void {
  if (audience === 'operator' && !staff.isOperator) throw new AppError('staff.notOperator')
  if (permission === 'signedIn') return
  // A contract that names none is one nobody has thought about.
  if (permission === undefined || !staff.rights.mayTry(permission)) throw new AppError('rights.denied')
}

async function staffOf(ctx: Koa.Context, route: Route, contract: Contract, services: RouterServices): Promise<StaffActor> {
  if (route.method !== 'GET') requireOwnOrigin(ctx, services.publicOrigin)
  const token = staffCookieShape.exec(ctx.req.headers.cookie ?? '')?.[1]
  if (token === undefined) throw new AppError('session.missing')
  const staff = await services.authenticators.staff(token)
  if (staff === null) throw new AppError('session.expired')
  requirePermission(staff, contract)
  return staff
}

/** The mini-program sends its token itself; on the invite page it is a cookie, which rides along on its own. */
async function memberOf(ctx: Koa.Context, route: Route, services: RouterServices): Promise<MemberActor> {
  const bearer = bearerOf(ctx)
  const token = bearer ?? memberCookieShape.exec(ctx.get('cookie'))?.[1]
  if (token === undefined) throw new AppError('session.missing')
  if (bearer === null && route.method !== 'GET') requireOwnOrigin(ctx, services.publicOrigin)
  const member = await services.authenticators.member(token)
  if (member === null) throw new AppError('session.expired')
  return member
}

async function actorFor(ctx: Koa.Context, route: Route, contract: Contract, services: RouterServices): Promise<Actor> {
  switch (contract.audience) {
    case 'staff':
    case 'operator':
      return staffOf(ctx, route, contract, services)
    case 'member':
      return memberOf(ctx, route, services)
    case 'integration': {
      const integration = await services.authenticators.integration(bearerOf(ctx) ?? '')
      if (integration === null) throw new AppError('session.missing', '缺少或错误的接口密钥')
      return integration
    }
    default:
      return { kind: 'public' }
  }
}

function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'staff':
      return actor.staffUserId
    case 'member':
      return `${actor.namespace}:${actor.openId}`
    case 'integration':
      return actor.keyId
    case 'public':
      return ''
  }
}

/** Who a stored answer belongs to: nobody else gets it back. */
function scopeOf(actor: Actor, route: Route): string {
  return `${actor.kind}:${nameOf(actor)}:${route.method} ${route.path}`
}

function idempotencyKeyOf(ctx: Koa.Context): string {
  const key = ctx.get('idempotency-key')
  if (key === '') throw new AppError('idempotency.keyMissing')
  if (!idempotencyKeyShape.test(key)) throw new AppError('idempotency.keyMissing', 'Idempotency-Key 须为 8-64 位字母、数字、- 或 _')
  return key
}

async function handleContract(ctx: Koa.Context, route: Route, { params, searchParams }: Found, services: RouterServices): Promise<void> {
  const contract = route.contract
  if (contract === null) return
  const state = ctx.state as RequestState
  const actor = await actorFor(ctx, route, contract, services)
  state.actor = actor.kind
  const body = contract.body ? check(contract.body, await readJson(ctx), 'body') : undefined
  const request = {
    actor: actor as never,
    params: contract.params ? check(contract.params, params, 'params') : undefined,
    query: contract.query ? check(contract.query, searchParams, 'query') : undefined,
    body,
    ip: ctx.ip,
    headers: ctx.req.headers,
    requestId: state.requestId,
    idempotencyKey: contract.isIdempotent ? idempotencyKeyOf(ctx) : '',
  } as Parameters<Route['handle']>[0]
  const status = contract.status ?? 200
  // Answers are cut to the contract here: a field that is not described does not leave.
  const answer = async () => v.parse(contract.response, await route.handle(request))
  const isRemembered = contract.isIdempotent === true && route.idempotency === 'route'
  const response = isRemembered
    ? await runOnce(services.db, { scope: scopeOf(actor, route), key: request.idempotencyKey, requestHash: requestHashOf([params, body]) }, status, services.now(), answer)
    : await answer()
  send(ctx, status, jsonHeaders, JSON.stringify(response))
}

/** Koa middleware that dispatches to the routes; unknown paths fall through. */
export function createRouter(routes: readonly Route[], services: RouterServices): Koa.Middleware {
  const table = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 128 })
  for (const entry of routes) table.on(entry.method, entry.path, () => {}, entry)
  return async (ctx, next) => {
    const { url = '/', method: asked } = ctx.req
    const method = asked === 'HEAD' ? 'GET' : asked
    const found = table.find(method as Route['method'], url)
    if (found === null) {
      const others = (['GET', 'POST', 'PUT', 'DELETE'] as const).filter((other) => table.find(other, url) !== null)
      if (others.length === 0) return next()
      ctx.set('allow', others.join(', '))
      throw new AppError('request.methodNotAllowed')
    }
    const entry = found.store as Route
    const state = ctx.state as RequestState
    state.route = entry.path
    if (entry.handleRaw) await entry.handleRaw(ctx, found.params, found.searchParams)
    else await handleContract(ctx, entry, found, services)
  }
}
