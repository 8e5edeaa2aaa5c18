import { maskValue } from '@qihui/shared/member'
import * as v from 'valibot'
import { normaliseTypedPhone } from '../../security/normalisePhone.ts'

/** One address a message can go to. */
export interface Recipient {
  readonly medium: 'sms' | 'email'
  /** E.164, or a lower-case address. */
  readonly address: string
}

const emailSchema = v.pipe(v.string(), v.trim(), v.toLowerCase(), v.maxLength(120), v.email())

/** Reads a phone in any spelling or an e-mail address; null when it is neither. */
export function recipientOf(typed: string): Recipient | null {
  if (typed.includes('@')) {
    const parsed = v.safeParse(emailSchema, typed)
    return parsed.success ? { medium: 'email', address: parsed.output } : null
  }
  const phone = normaliseTypedPhone(typed)
  return phone === null ? null : { medium: 'sms', address: phone }
}

/** What is shown of an address: enough to recognise, not enough to use. */
export function maskRecipient({ medium, address }: Recipient): string {
  if (medium === 'sms') return maskValue('phone', address)
  const at = address.lastIndexOf('@')
  return `${address.slice(0, 1)}***${address.slice(at)}`
}
