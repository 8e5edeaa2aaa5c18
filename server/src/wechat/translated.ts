import { AppError, type ErrorCode } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { toAppError } from './refusals.ts'

/** Runs a call; `meanings` gives single error numbers their own code. @throws AppError */
export async function translated<T>(log: Logger, meanings: Readonly<Record<number, ErrorCode>>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error
    const meaning = meanings[error.errcode]
    if (meaning !== undefined) throw new AppError(meaning)
    const appError = toAppError(error)
    const level = appError.code === 'vendor.configuration' ? 'error' : 'warn'
    log[level]({ vendor: 'wechat', path: error.path, errcode: error.errcode, detail: appError.detail }, 'WeChat refused a call')
    throw appError
  }
}
