/** `event.detail` of `bindgetphonenumber` (platform 8.2). */
interface PhoneEventDetail {
  readonly code?: string
  readonly errMsg?: string
  readonly errno?: number
}

/** What the person, or WeChat, answered to the phone button. */
export type PhoneAnswer =
  | { readonly kind: 'granted'; readonly phoneCode: string }
  | { readonly kind: 'refused' | 'quotaExhausted' | 'privacyRefused' | 'privacyUndeclared' | 'unavailable' }

/** Error numbers of the client, platform 8.1 and 8.2. */
const quotaExhausted = 1400001
const privacyRefused: readonly number[] = [103, 104]
const privacyUndeclared = 112

/** Reads the event of the phone button. The words of a refusal differ between clients, so anything that denies counts as one. */
export function phoneAnswer({ code, errMsg = '', errno }: PhoneEventDetail): PhoneAnswer {
  if (code) return { kind: 'granted', phoneCode: code }
  if (errno === quotaExhausted) return { kind: 'quotaExhausted' }
  if (errno === privacyUndeclared || errMsg.includes('api scope is not declared')) return { kind: 'privacyUndeclared' }
  if ((errno !== undefined && privacyRefused.includes(errno)) || errMsg.includes('privacy permission')) return { kind: 'privacyRefused' }
  return { kind: /deny|cancel/i.test(errMsg) ? 'refused' : 'unavailable' }
}
