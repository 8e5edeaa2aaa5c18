import { errorCatalogue, type ErrorCode, type FieldProblem } from './codes.ts'

/** An expected failure that becomes one problem+json answer. `detail` is shown to people: no secret, phone, token or code in it. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly errors: readonly FieldProblem[] | undefined
  /** Where it is known when the cause will have passed, milliseconds from now: a job comes back then, without having tried. */
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, detail?: string, errors?: readonly FieldProblem[], retryAfterMs?: number) {
    super(detail ?? errorCatalogue[code].title)
    this.name = 'AppError'
    this.code = code
    this.status = errorCatalogue[code].status
    this.detail = detail
    this.errors = errors
    this.retryAfterMs = retryAfterMs
  }
}
