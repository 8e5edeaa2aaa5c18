import { errorCatalogue, type ErrorCode, type Problem } from '@qihui/shared/errors'

/** Why a call failed: a code of the server's catalogue, or no answer at all. */
export type ApiErrorCode = ErrorCode | 'network.unreachable'

/** A failed call. Screens branch on `code` and show words of their own; a code is never shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode

  constructor(code: ApiErrorCode) {
    super(code)
    this.code = code
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' && body.code in errorCatalogue
}

/** The error of an answer that is none of success. Something between us and the server may have answered, without problem+json. */
export function errorOf(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body.code)
  if (status === 429) return new ApiError('request.rateLimited')
  return new ApiError(status >= 500 ? 'server.unavailable' : 'server.internal')
}
