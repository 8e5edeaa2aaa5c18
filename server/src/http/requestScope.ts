import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics/createMetrics.ts'
import type { RequestState } from './requestState.ts'
import { isAuditUnwritable, problemOf, sendProblem } from './problem.ts'

/**
 * The outermost layer: request id, one log line, one observation, errors to problem+json.
 * The line names the route, never the address: addresses may carry codes and tokens.
 */
export function requestScope(log: Logger, metrics?: Pick<Metrics, 'requestDone'>): Koa.Middleware {
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
    const ms = performance.now() - started
    metrics?.requestDone(ctx.req.method ?? '', state.route, ctx.res.statusCode, ms / 1000)
    log.info(
      { requestId: state.requestId, method: ctx.req.method, route: state.route, actor: state.actor, status: ctx.res.statusCode, ms: Math.round(ms) },
      'request',
    )
  }
}
