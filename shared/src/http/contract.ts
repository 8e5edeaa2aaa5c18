import type { GenericSchema, InferInput, InferOutput } from 'valibot'
import type { ErrorCode } from '../errors/codes.ts'
import type { Permission } from '../rights/types.ts'

/**
 * Who may call a route: nobody in particular, a member's session (mini-program or invite page), a staff session,
 * a staff session whose role opens the console, or a key of an integrated system.
 */
export type Audience = 'public' | 'member' | 'staff' | 'operator' | 'integration'

/** One route, described once: the server validates by it, the clients are typed by it, `/openapi.json` is made of it. */
export interface Contract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/api/members/me`, parameters as `:name`. */
  readonly path: string
  readonly audience: Audience
  /**
   * What staff must be allowed to do for at least one instance, or they are refused before anything is read (R59); which
   * instances, the query decides. `signedIn`: any live session. Every staff and operator contract names one (a test looks).
   */
  readonly permission?: Permission | 'signedIn'
  readonly summary: string
  readonly params?: GenericSchema
  readonly query?: GenericSchema
  readonly body?: GenericSchema
  readonly response: GenericSchema
  readonly status?: 200 | 201 | 202
  /** True when the caller must send `Idempotency-Key` (P4 of the trust promises). */
  readonly isIdempotent?: boolean
  readonly errors?: readonly ErrorCode[]
}

/** What the caller of a contract sends as body. */
export type BodyOf<C extends Contract> = C['body'] extends GenericSchema ? InferInput<C['body']> : undefined
/** What a contract answers. */
export type ResponseOf<C extends Contract> = InferOutput<C['response']>
/** The query a contract takes. */
export type QueryOf<C extends Contract> = C['query'] extends GenericSchema ? InferOutput<C['query']> : undefined

/** Keeps the literal types of a contract while checking its shape. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract
}
