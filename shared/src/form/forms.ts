import type { FormVersion } from './contract.ts'

/** Key of the form every channel uses that names no other. */
export const defaultFormKey = 'default'

/** The version before the newest is accepted this long after it was replaced, milliseconds (domain rules j 2). */
export const formOverlapMs = 24 * 60 * 60 * 1000

/** The form a new installation starts with. It asks for nothing that has to be typed (R62). */
export const firstForm: FormVersion = {
  formKey: defaultFormKey,
  version: '2026-01',
  publishedAt: '2026-01-01T00:00:00.000Z',
  publishedBy: null,
  definition: {
    fields: [
      { key: 'phone', label: '手机号', type: 'phone', class: 'N', purpose: '会员身份确认与服务联系', legalBasis: 'consent', retentionDays: 180, isRequired: true, step: 1, confirmation: 'code' },
    ],
  },
}
