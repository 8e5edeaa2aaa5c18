import Router from '@koa/router'
import type Koa from 'koa'
import type { StageContext } from '../types.ts'
import { createControlApi } from './controlApi.ts'
import { createGateway } from './gateway.ts'
import { serveStage } from './serveStage.ts'

/**
 * Puts the stage on the one address of the sandbox: the page under `/stage/`, its control API under `/_sandbox/`, and everything
 * that nobody answered before goes to the product's server.
 */
export function mountStage(app: Koa, context: StageContext): void {
  const stage = new Router()
  serveStage(stage, context)
  const control = createControlApi(context)
  app.use(control.routes())
  app.use(stage.routes())
  const { serverUrl } = context.options
  const gateway = serverUrl === null ? null : createGateway({ serverUrl, wire: context.wire, url: () => context.url() })
  app.use(async (koa, next) => {
    const isOwn = koa.path.startsWith('/stage/') || koa.path.startsWith('/_sandbox/') || koa.path.startsWith('/_vendor/')
    if (isOwn || gateway === null) return next()
    koa.respond = false
    gateway.handle(koa.req, koa.res)
  })
  context.onClose(() => gateway?.close())
}
