import { AppError, errorCatalogue, type ErrorCode, type Problem } from '@qihui/shared/errors'
import type Koa from 'koa'
import pg from 'pg'
import { send } from './send.ts'

/** SQLSTATE of a missing right. */
const insufficientPrivilege = '42501'

/** Whether a request failed because its audit could not be written: then nothing sensitive leaves, and somebody must be told (P8). */
export function isAuditUnwritable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === insufficientPrivilege && error.message.includes('audit_entry')
}

/** The answer of an error; unknown errors become `server.internal` and say nothing of their cause. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof AppError ? error : null
  const code: ErrorCode = known?.code ?? (isAuditUnwritable(error) ? 'audit.unavailable' : 'server.internal')
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

const problemHeaders = ['content-type', 'application/problem+json; charset=utf-8', 'cache-control', 'no-store', 'x-content-type-options', 'nosniff']

/** Answers the problem. Headers that were set on the context (`retry-after`, `allow`) go with it. */
export function sendProblem(ctx: Koa.Context, problem: Problem): void {
  send(ctx, problem.status, problemHeaders, JSON.stringify(problem))
}
