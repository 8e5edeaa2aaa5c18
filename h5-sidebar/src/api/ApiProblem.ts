import type { ErrorCode, FieldProblem, Problem } from '@qihui/shared/errors'

/** Why there is no usable answer: the server said no, nothing came in time, or nothing came at all. */
export type ApiProblemKind = 'refused' | 'timeout' | 'unreachable' | 'unreadable'

interface ApiProblemInit {
  readonly kind: ApiProblemKind
  /** HTTP status; 0 when nothing was answered. */
  readonly status: number
  readonly code?: ErrorCode
  readonly title?: string
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly FieldProblem[]
  readonly retryAfterSeconds?: number
}

/** A call that gave no usable answer. `code` is set when the server sent problem+json; branch on it, never on the text. */
export class ApiProblem extends Error {
  readonly kind: ApiProblemKind
  readonly status: number
  readonly code: ErrorCode | null
  readonly title: string | null
  readonly detail: string | null
  readonly requestId: string | null
  readonly errors: readonly FieldProblem[]
  /** How long the server asks to wait (429, 503), in seconds. */
  readonly retryAfterSeconds: number | null

  constructor(init: ApiProblemInit) {
    super(init.code ?? `${init.kind} ${init.status}`)
    this.name = 'ApiProblem'
    this.kind = init.kind
    this.status = init.status
    this.code = init.code ?? null
    this.title = init.title ?? null
    this.detail = init.detail ?? null
    this.requestId = init.requestId ?? null
    this.errors = init.errors ?? []
    this.retryAfterSeconds = init.retryAfterSeconds ?? null
  }
}

/** True for a body that is a problem of ours; a proxy's HTML or a foreign JSON is not. */
export function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  const { code, title, status } = body as Partial<Record<keyof Problem, unknown>>
  return typeof code === 'string' && typeof title === 'string' && typeof status === 'number'
}
