import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { AppError } from '@qihui/shared/errors'

/**
 * E.164 of a number as WeChat gives it (national number and calling code).
 * New number segments may be missing from the metadata, so a possible number is taken, not only a known one.
 * @throws AppError `phone.invalid`
 */
export function normalisePhone(nationalNumber: string, callingCode: string): string {
  const parsed = parsePhoneNumberFromString(`+${callingCode}${nationalNumber}`)
  if (!parsed?.isPossible()) throw new AppError('phone.invalid')
  return parsed.number
}
