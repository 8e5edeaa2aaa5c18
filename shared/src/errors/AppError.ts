import { errorCatalogue, type ErrorCode, type FieldProblem } from './codes.ts'

/** An expected failure that becomes one problem+json answer. `detail` is shown to people: no secret, phone, token or code in it. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly errors: readonly FieldProblem[] | undefined

  constructor(code: ErrorCode, detail?: string, errors?: readonly FieldProblem[]) {
    super(detail ?? errorCatalogue[code].title)
    this.name = 'AppError'
    this.code = code
    this.status = errorCatalogue[code].status
    this.detail = detail
    this.errors = errors
  }
}
