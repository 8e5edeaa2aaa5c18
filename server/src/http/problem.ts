import { AppError, errorCatalogue, type ErrorCode, type Problem } from '@qihui/shared/errors'
import type Koa from 'koa'

/** The answer of an error; unknown errors become `server.internal` and say nothing of their cause. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof AppError ? error : null
  const code: ErrorCode = known?.code ?? 'server.internal'
  return {
    type: `urn:qihui:error:${code}`,
    title: errorCatalogue[code].title,
    status: errorCatalogue[code].status,
    code,
    ...(known?.detail === undefined ? {} : { detail: known.detail }),
    ...(known?.errors === undefined ? {} : { errors: known.errors }),
    requestId,
  }
}

/** Writes the problem to the context. */
export function sendProblem(ctx: Koa.Context, problem: Problem): void {
  ctx.status = problem.status
  ctx.set({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  ctx.body = JSON.stringify(problem)
}
