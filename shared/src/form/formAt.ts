import type { MemberFieldKey } from '../member/fields.ts'

/** One immutable version of the registration form; fields come from the catalogue. */
export interface RegistrationForm {
  readonly version: string
  readonly publishedAt: string
  readonly fields: readonly MemberFieldKey[]
}

/** Every form version there has been, oldest first. The first asks for nothing that has to be typed (R62). */
export const forms: readonly [RegistrationForm, ...RegistrationForm[]] = [{ version: '2026-01', publishedAt: '2026-01-01T00:00:00.000Z', fields: ['phone'] }]

/** The form in force at an instant: the newest one already published; before the first, the first. */
export function formAt(at: Date): RegistrationForm {
  return forms.reduce((held, form) => (new Date(form.publishedAt) <= at ? form : held))
}
