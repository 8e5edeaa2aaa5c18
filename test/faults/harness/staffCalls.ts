import { randomUUID } from 'node:crypto'
import { staffCookieOf } from '../../factories/staffCookieOf.ts'
import type { Fleet } from './fleet.ts'

/** Longer than any restart takes on a busy machine. */
const giveUpMs = 120_000
const pauseMs = 50

/** What an employee asks for, over the balancer; a call that was cut is repeated with its key, as every client of ours does. */
export interface StaffCalls {
  post(path: string, body: object): Promise<Record<string, unknown>>
}

/** Logs an employee in. @throws when the product refuses a call */
export async function staffCallsOf({ sandbox, front }: Pick<Fleet, 'sandbox' | 'front'>, staffUserId: string): Promise<StaffCalls> {
  const cookie = await staffCookieOf({ url: sandbox.url }, staffUserId)
  return {
    async post(path, body) {
      const headers = { cookie, origin: sandbox.url, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
      const deadline = Date.now() + giveUpMs
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${front.port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null)
        const text = await answer?.text().catch(() => null)
        if (answer?.ok === true && typeof text === 'string') return JSON.parse(text) as Record<string, unknown>
        if (answer !== null && answer.status < 500 && answer.status !== 409) throw new Error(`${path} answered ${answer.status}: ${String(text)}`)
        if (Date.now() > deadline) throw new Error(`${path} found nobody for ${giveUpMs / 1000} s: ${answer?.status ?? 'no answer'}`)
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    },
  }
}
