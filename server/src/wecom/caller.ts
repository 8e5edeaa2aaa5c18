import { AppError } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import type { TokenKeeper } from '../vendor/tokenKeeper.ts'
import type { Transport, VendorCall, VendorJson } from '../vendor/transport.ts'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { withToken } from '../vendor/withToken.ts'
import { StrangeAnswerError } from './answers.wire.ts'
import { toAppError } from './refusals.ts'

/** Calls WeCom with the app's token. */
export interface WecomCaller {
  /** The raw outcome: refusals keep their number, for calls that give one a meaning. @throws VendorRefusal, AppError */
  ask(call: VendorCall): Promise<VendorJson>
  /** Runs a use of the edge and turns whatever refusal is left into an AppError. @throws AppError */
  translated<T>(work: () => Promise<T>): Promise<T>
}

export function createWecomCaller(transport: Transport, keeper: TokenKeeper, log: Logger): WecomCaller {
  return {
    ask: (call) => withToken(keeper, (token) => transport.json({ ...call, query: { access_token: token, ...call.query } })),
    async translated(work) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof StrangeAnswerError) {
          log.error({ vendor: 'wecom', cause: error.message }, 'vendor answered in an unknown shape')
          throw new AppError('vendor.unavailable')
        }
        if (!(error instanceof VendorRefusal)) throw error
        const appError = toAppError(error)
        const level = appError.code === 'vendor.configuration' ? 'error' : 'warn'
        log[level]({ vendor: 'wecom', path: error.path, errcode: error.errcode, detail: appError.detail }, 'WeCom refused a call')
        throw appError
      }
    },
  }
}
