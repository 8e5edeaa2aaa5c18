import { errorCatalogue, type ErrorCode, type FieldProblem, type Problem } from '@qihui/shared/errors'

/** Why a call failed: a code of the server's catalogue, or no answer at all. */
export type ApiErrorCode = ErrorCode | 'network.unreachable'

/** A failed call. Screens branch on `code` and show words of their own; a code is never shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  /** What has to change, in an answer `request.invalid`. */
  readonly fields: readonly FieldProblem[]

  constructor(code: ApiErrorCode, fields: readonly FieldProblem[] = []) {
    super(code)
    this.code = code
    this.fields = fields
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' && body.code in errorCatalogue
}

/** The error of an answer that is none of success. Something between us and the server may have answered, without problem+json. */
export function errorOf(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body.code, body.errors)
  if (status === 429) return new ApiError('request.rateLimited')
  return new ApiError(status >= 500 ? 'server.unavailable' : 'server.internal')
}
