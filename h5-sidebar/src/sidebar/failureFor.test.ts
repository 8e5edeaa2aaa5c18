import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../api/ApiProblem.ts'
import { WecomError } from '../wecom/WecomError.ts'
import { failureFor } from './failureFor.ts'

function problem(code: ErrorCode): ApiProblem {
  return new ApiProblem({ kind: 'refused', code, ...errorCatalogue[code] })
}

describe('failureFor', () => {
  it('gives each cause its own title', () => {
    const errors = [
      new ApiProblem({ kind: 'unreachable', status: 0 }),
      new ApiProblem({ kind: 'timeout', status: 0 }),
      problem('request.rateLimited'),
      problem('session.expired'),
      problem('server.internal'),
      problem('contact.notFollowing'),
      problem('staff.outOfScope'),
      problem('staff.notMember'),
      problem('vendor.unavailable'),
      problem('vendor.configuration'),
      new WecomError('signatureRefused', 'agentConfig'),
      new WecomError('noPermission', 'getCurExternalContact'),
      new WecomError('timeout', 'getContext'),
    ]
    const titles = errors.map((error) => failureFor(error).title)
    expect(new Set(titles).size).toBe(errors.length)
  })

  it('offers the login for an expired session and a retry for the network', () => {
    expect(failureFor(problem('session.expired'))).toMatchObject({ kind: 'expired', action: 'login' })
    expect(failureFor(new ApiProblem({ kind: 'unreachable', status: 0 }))).toMatchObject({ kind: 'offline', action: 'retry' })
  })

  it('says how long to wait', () => {
    const limited = new ApiProblem({ kind: 'refused', status: 429, retryAfterSeconds: 12 })
    expect(failureFor(limited).detail).toContain('12 秒')
  })

  it.each(Object.keys(errorCatalogue) as ErrorCode[])('has words for %s', (code) => {
    const { title, detail } = failureFor(problem(code))
    expect(title).toMatch(/[一-鿿]/)
    expect(detail).toMatch(/[一-鿿]/)
  })

  it('has words for what nobody expected', () => {
    expect(failureFor(new TypeError('x is undefined'))).toMatchObject({ kind: 'server', action: 'retry' })
  })
})
