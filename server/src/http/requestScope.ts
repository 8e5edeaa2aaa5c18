import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import type { Logger } from 'pino'
import type { RequestState } from './requestState.ts'
import { isAuditUnwritable, problemOf, sendProblem } from './problem.ts'

/**
 * The outermost layer: request id, one log line, errors to problem+json.
 * The line names the route, never the address: addresses may carry codes and tokens.
 */
export function requestScope(log: Logger): Koa.Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    const state = ctx.state as RequestState
    state.requestId = randomUUID()
    state.route = '(static)'
    state.actor = 'public'
    try {
      await next()
      if (ctx.respond !== false) {
        if (ctx.status === 404 && ctx.body === undefined) throw new AppError('request.notFound')
        ctx.set('x-request-id', state.requestId)
      }
    } catch (error) {
      const problem = problemOf(error, state.requestId)
      if (isAuditUnwritable(error)) log.error({ requestId: state.requestId, route: state.route, alert: 'auditUnavailable' }, 'the audit cannot be written: sensitive reads are refused')
      if (problem.code === 'server.internal') log.error({ requestId: state.requestId, route: state.route, err: error }, 'request failed')
      sendProblem(ctx, problem)
    }
    log.info(
      { requestId: state.requestId, method: ctx.req.method, route: state.route, actor: state.actor, status: ctx.res.statusCode, ms: Math.round(performance.now() - started) },
      'request',
    )
  }
}
