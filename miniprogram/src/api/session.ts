import type { Contract, ResponseOf } from '@qihui/shared/http'
import type { openMemberSession } from '@qihui/shared/member'
import { loginCode } from '../platform/login.ts'
import { NetworkError } from '../platform/network.ts'
import { ApiError } from './ApiError.ts'
import { exchange, type Input, type Route } from './exchange.ts'

/** What the server says about whoever opened the mini-program. */
export type SessionAnswer = ResponseOf<typeof openMemberSession>

/** Kept in memory only: each launch logs in anew without a question, so nothing is left on the phone. */
let token: string | null = null
let opening: Promise<SessionAnswer> | null = null

async function login(): Promise<SessionAnswer> {
  try {
    const code = await loginCode()
    const answer = await exchange<typeof openMemberSession>({ method: 'POST', path: '/api/members/session' }, { body: { code } })
    token = answer.sessionToken
    return answer
  } catch (error) {
    throw error instanceof NetworkError ? new ApiError('network.unreachable') : error
  }
}

/** Logs in without a question; several callers share one login. @throws ApiError `login.blocked`, `login.codeInvalid`, … */
export function openSession(): Promise<SessionAnswer> {
  opening ??= login().finally(() => {
    opening = null
  })
  return opening
}

async function callWithToken<C extends Contract>(route: Route<C>, input: Input<C>): Promise<ResponseOf<C>> {
  if (token === null) await openSession()
  return exchange(route, { ...input, headers: { ...input.headers, authorization: `Bearer ${token}` } })
}

/** A call as the person who opened the mini-program. A session that ran out is opened again once, unseen. @throws ApiError */
export async function callAsMember<C extends Contract>(route: Route<C>, input: Input<C> = {}): Promise<ResponseOf<C>> {
  try {
    return await callWithToken(route, input)
  } catch (error) {
    const isOver = error instanceof ApiError && (error.code === 'session.expired' || error.code === 'session.missing')
    if (!isOver) throw error
    token = null
    return callWithToken(route, input)
  }
}
