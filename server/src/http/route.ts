import type { IncomingHttpHeaders } from 'node:http'
import type { BodyOf, Contract, QueryOf, ResponseOf } from '@qihui/shared/http'
import type Koa from 'koa'
import type { GenericSchema, InferOutput } from 'valibot'
import type { IntegrationActor, MemberActor, PublicActor, StaffActor } from './actor.ts'

type OutputOf<S> = S extends GenericSchema ? InferOutput<S> : undefined
type ActorOf<C extends Contract> = { member: MemberActor; staff: StaffActor; operator: StaffActor; public: PublicActor; integration: IntegrationActor }[C['audience']]

/** What a handler gets: everything checked, nothing raw. */
export interface TypedRequest<C extends Contract> {
  readonly actor: ActorOf<C>
  readonly params: OutputOf<C['params']>
  readonly query: QueryOf<C>
  readonly body: C['body'] extends GenericSchema ? InferOutput<C['body']> : BodyOf<C>
  readonly ip: string
  /** For the client's name, and for pages that look at a session without asking for one. */
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  /** Empty when the contract is not idempotent. */
  readonly idempotencyKey: string
}

/** The decoded query of an address; repeated keys are arrays. */
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>

/** One entry of the router; `contract` is null for routes that do not speak JSON (redirects, pages, pictures, callbacks). */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly contract: Contract | null
  /** `route`: the HTTP layer remembers answers by key. `command`: the command does it in its own statement. */
  readonly idempotency: 'route' | 'command'
  readonly handle: (request: TypedRequest<Contract>) => Promise<unknown>
  readonly handleRaw: ((ctx: Koa.Context, params: Readonly<Record<string, string | undefined>>, query: RawQuery) => Promise<void>) | null
}

/** A route described by a contract: authenticated, validated both ways, in `/openapi.json`. */
export function route<const C extends Contract>(
  contract: C,
  handle: (request: TypedRequest<NoInfer<C>>) => Promise<ResponseOf<NoInfer<C>>>,
  options: { readonly idempotency?: 'route' | 'command' } = {},
): Route {
  return {
    method: contract.method,
    path: contract.path,
    contract,
    idempotency: options.idempotency ?? 'route',
    // The pipeline only ever calls this with a request made from this very contract.
    handle: handle as unknown as Route['handle'],
    handleRaw: null,
  }
}

/** A route that writes to Koa's context itself: redirects, pages, pictures, callbacks. */
export function rawRoute(method: Route['method'], path: string, handleRaw: NonNullable<Route['handleRaw']>): Route {
  return { method, path, contract: null, idempotency: 'route', handle: async () => undefined, handleRaw }
}
