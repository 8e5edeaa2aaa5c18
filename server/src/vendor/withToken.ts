import type { TokenKeeper } from './tokenKeeper.ts'
import { VendorRefusal } from './VendorRefusal.ts'

/** The access token was refused: bad, expired or not the latest. The same three numbers on both hosts (platform 1.1, 1.2). */
const deadTokenErrcodes: readonly number[] = [40014, 42001, 40001]

/** Runs a call with the token in force; when the vendor calls it dead, exactly one refresh and one retry follow. @throws VendorRefusal */
export async function withToken<T>(keeper: TokenKeeper, call: (token: string) => Promise<T>): Promise<T> {
  const { value } = await keeper.get()
  try {
    return await call(value)
  } catch (error) {
    if (!(error instanceof VendorRefusal) || !deadTokenErrcodes.includes(error.errcode)) throw error
    return call((await keeper.replace(value)).value)
  }
}
