import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@qihui/shared/errors'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLog } from '../log.ts'
import { requestScope } from './requestScope.ts'
import { send } from './send.ts'

let server: Server
let base: string
let leave: (() => void) | null = null
const logLines: string[] = []

/** Until the caller of the context has gone. */
const untilGone = (ctx: Koa.Context) => new Promise<void>((resolve) => ctx.res.once('close', () => resolve()))

beforeAll(async () => {
  const app = new Koa()
  app.use(requestScope(createLog('info', { write: (line) => void logLines.push(line) })))
  app.use(async (ctx) => {
    if (ctx.path === '/page') ctx.body = '<p>会员</p>'
    else if (ctx.path === '/refused') {
      ctx.set('retry-after', '7')
      throw new AppError('request.rateLimited')
    } else if (ctx.path !== '/nothing') {
      const gone = untilGone(ctx)
      if (ctx.path === '/slow') {
        leave?.()
        await gone
      }
      send(ctx, 201, ['content-type', 'text/plain; charset=utf-8'], '会员')
    }
  })
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', resolve)))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('send', () => {
  it('answers status, headers, length in bytes and body', async () => {
    const answer = await fetch(`${base}/data`)
    expect(answer.status).toBe(201)
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'content-length': '6' })
    expect(await answer.text()).toBe('会员')
  })

  it('leaves the body out for HEAD', async () => {
    const answer = await fetch(`${base}/data`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([201, '6', ''])
  })

  it.each(['/data', '/page', '/nothing', '/refused'])('tells the id of the request on %s, the one in the log', async (path) => {
    const id = (await fetch(base + path)).headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(logLines.filter((line) => line.includes(`"${id}"`))).toHaveLength(1)
  })

  it('keeps what was set on the context before', async () => {
    const answer = await fetch(`${base}/refused`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await answer.json()).toMatchObject({ code: 'request.rateLimited', requestId: answer.headers.get('x-request-id') })
  })

  it('goes on serving when the caller has left before the answer', async () => {
    const before = logLines.length
    const call = request(`${base}/slow`).on('error', () => {})
    leave = () => call.destroy()
    call.end()
    await vi.waitFor(() => expect(logLines.slice(before).some((line) => line.includes('"status":201'))).toBe(true))
    expect((await fetch(`${base}/data`)).status).toBe(201)
  })
})
