import { isUtf8 } from 'node:buffer'
import { AppError } from '@qihui/shared/errors'
import { readBytes } from '../http/readBody.ts'
import { rawRoute, type Route } from '../http/route.ts'
import { send } from '../http/send.ts'
import type { Services } from '../services.ts'
import { CallbackRefusal, openCallback, openEcho } from '../wecom/openCallback.ts'
import { acceptCallback } from './acceptCallback.ts'

/** Real callbacks are about 1 KiB. */
const bodyLimitBytes = 64 * 1024
const path = '/callbacks/wecom'
const textHeaders = ['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store', 'x-content-type-options', 'nosniff']
/** WeCom cuts the connection after 5 s and tries again; an answer before that frees it (P1). What was stored meanwhile is recognised. */
const hardStopMs = 4_000

async function withinHardStop<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('server.unavailable')), hardStopMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new CallbackRefusal('malformed')
  return bytes.toString()
}

/** The inbound door of WeCom: `GET` answers the address check, `POST` stores an event. Everything refused is a 4xx and stores nothing. */
export function callbackRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'log' | 'cipher' | 'sightings' | 'metrics'>): Route[] {
  const { env, now, sightings, metrics } = services
  /** The doctor is told why; the sender is not. */
  const noted = <T>(open: () => T): T => {
    try {
      return open()
    } catch (error) {
      if (error instanceof CallbackRefusal) {
        sightings.note(`callback.${error.reason}`)
        metrics.callbackRefused(error.reason)
      }
      throw error
    }
  }
  return [
    rawRoute('GET', path, async (ctx) => {
      const plain = noted(() => openEcho(env.wecom, ctx.querystring, now()))
      send(ctx, 200, textHeaders, plain)
    }),
    rawRoute('POST', path, async (ctx, _params, query) => {
      const bytes = await readBytes(ctx, bodyLimitBytes)
      const event = noted(() => openCallback(env.wecom, query, decodeUtf8(bytes), now()))
      await withinHardStop(acceptCallback(services, event))
      send(ctx, 200, textHeaders, '')
    }),
  ]
}
