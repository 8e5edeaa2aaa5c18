import { createInvitation } from '@qihui/shared/channel'
import { getSidebarContact } from '@qihui/shared/contact'
import { getStaffSelf } from '@qihui/shared/staff'
import { describe, expect, it } from 'vitest'
import { contractServer, refusing, type Refusal } from '../testing/contractServer.ts'
import { invitation, memberCard, staffSelf } from '../testing/samples.ts'
import { ApiProblem } from './ApiProblem.ts'
import { createHttp } from './http.ts'
import { createSidebarApi } from './sidebarApi.ts'

function refusedWith(refusal: Refusal): Promise<unknown> {
  const server = contractServer()
  server.on(getStaffSelf, () => refusing(refusal))
  return createSidebarApi(createHttp(server.adapter))
    .staffSelf()
    .catch((error: unknown) => error)
}

describe('createHttp', () => {
  it('answers what the server said', async () => {
    const server = contractServer()
    server.on(getStaffSelf, () => staffSelf)
    expect(await createSidebarApi(createHttp(server.adapter)).staffSelf()).toEqual(staffSelf)
  })

  it('puts parameters into the path', async () => {
    const server = contractServer()
    server.on(getSidebarContact, () => memberCard)
    await createSidebarApi(createHttp(server.adapter)).contact('wmSIM_01')
    expect(server.asked).toEqual(['GET /api/sidebar/contacts/wmSIM_01'])
  })

  it('sends the idempotency key the caller chose', async () => {
    const server = contractServer()
    server.on(createInvitation, () => invitation)
    const key = '0190aaaa-0000-4000-8000-000000000001'
    await createSidebarApi(createHttp(server.adapter)).createInvitation('wmSIM01', key)
    expect(server.keys).toEqual([key])
  })

  it('turns problem+json into an ApiProblem with the stable code and the request id', async () => {
    const problem = await refusedWith({ kind: 'problem', code: 'staff.outOfScope' })
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({ kind: 'refused', status: 403, code: 'staff.outOfScope', requestId: 'req-test' })
  })

  it('reads how long to wait', async () => {
    const problem = await refusedWith({ kind: 'problem', code: 'request.rateLimited', headers: { 'retry-after': '12' } })
    expect(problem).toMatchObject({ status: 429, retryAfterSeconds: 12 })
  })

  const foreign: [string, Refusal, Partial<ApiProblem>][] = [
    ['a proxy error page', { kind: 'foreign', status: 502, data: '<h1>502</h1>' }, { kind: 'refused', status: 502, code: null }],
    ['a portal that answers 200 with a page', { kind: 'foreign', status: 200, data: '<html>' }, { kind: 'unreadable' }],
    ['no answer in time', { kind: 'timeout' }, { kind: 'timeout', status: 0 }],
    ['no connection', { kind: 'unreachable' }, { kind: 'unreachable', status: 0 }],
  ]
  it.each(foreign)('makes an ApiProblem of %s', async (_what, refusal, expected) => {
    const problem = await refusedWith(refusal)
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject(expected)
  })
})
