import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** A code is shown for a minute and accepted for one more, so that a slow cashier does not fail. */
const windowMs = 60_000
const codeShape = /^QH(\d{12})([0-9a-z]{1,8})([0-9a-f]{16})$/

/** A code that names the member for a minute; a screenshot soon stops working. */
export interface MemberCodes {
  issue(memberNo: string, at: Date): { readonly code: string; readonly expiresAt: Date }
  /** The member number of a genuine code that is at most two minutes old, else null. */
  read(code: string, at: Date): string | null
}

/** @param indexKey the key that no rotation changes: the code's key is derived from it and shares nothing else with it. */
export function createMemberCodes(indexKey: Buffer): MemberCodes {
  const key = Buffer.from(hkdfSync('sha256', indexKey, '', 'qihui member code', 32))
  const sign = (memberNo: string, window: string) => createHmac('sha256', key).update(`${memberNo}.${window}`).digest().subarray(0, 8)
  const windowAt = (at: Date) => Math.floor(at.getTime() / windowMs)
  return {
    issue(memberNo, at) {
      const window = windowAt(at).toString(36)
      return { code: `QH${memberNo}${window}${sign(memberNo, window).toString('hex')}`, expiresAt: new Date((windowAt(at) + 1) * windowMs) }
    },
    read(code, at) {
      const [, memberNo, window, signature] = codeShape.exec(code) ?? []
      if (memberNo === undefined || window === undefined || signature === undefined) return null
      if (!timingSafeEqual(sign(memberNo, window), Buffer.from(signature, 'hex'))) return null
      const age = windowAt(at) - Number.parseInt(window, 36)
      return age === 0 || age === 1 ? memberNo : null
    },
  }
}
