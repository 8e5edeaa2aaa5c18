import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { AppError } from '@qihui/shared/errors'

/** Our own gate for mainland mobile numbers: new segments may be missing from any metadata. */
const mainlandMobile = /^(?:\+?86|0086)?(1[3-9]\d{9})$/
/** The same as WeChat gives it, which is nearly always: the metadata need not be asked. */
const bareMobile = /^1[3-9]\d{9}$/

/**
 * E.164 of a number as WeChat gives it (national number and calling code).
 * New number segments may be missing from the metadata, so a possible number is taken, not only a known one.
 * @throws AppError `phone.invalid`
 */
export function normalisePhone(nationalNumber: string, callingCode: string): string {
  if (callingCode === '86' && bareMobile.test(nationalNumber)) return `+86${nationalNumber}`
  const parsed = parsePhoneNumberFromString(`+${callingCode}${nationalNumber}`)
  if (!parsed?.isPossible()) throw new AppError('phone.invalid')
  return parsed.number
}

/** Everything people put between the digits of a number: blanks of any width, dashes, dots, brackets, slashes, invisible marks. */
const separators = /[\p{Zs}\p{Cf}\p{Pd}\s()[\]./·・−]/gu

/**
 * E.164 of a number as people, reps and other systems type it: full width, with blanks, dashes or brackets, with `+86`, `0086`, `86` or
 * nothing in front. Without a country code it is a number of the mainland. Null when it is no phone number. Idempotent; two numbers
 * never become one (trust test 38).
 */
export function normaliseTypedPhone(text: string): string | null {
  const digits = text.normalize('NFKC').replace(separators, '')
  const mobile = mainlandMobile.exec(digits)
  if (mobile) return `+86${mobile[1]}`
  const international = digits.replace(/^00/, '+')
  // Letters, extensions and second numbers are left to the person to sort out.
  if (!/^\+?\d{7,15}$/.test(international)) return null
  const parsed = parsePhoneNumberFromString(international, { defaultCountry: 'CN', extract: false })
  if (!parsed) return null
  // At home the plan is known well enough to tell a number from a date or a slip; abroad new segments get the benefit of the doubt.
  return (parsed.countryCallingCode === '86' ? parsed.isValid() : parsed.isPossible()) ? parsed.number : null
}
