import type { FieldMask } from './types.ts'

/** `138****1111` for a mainland mobile number, otherwise all but the last two digits hidden. Expects E.164. */
function maskPhone(phone: string): string {
  const mainland = /^\+86(1\d{2})\d{4}(\d{4})$/.exec(phone)
  return mainland ? `${mainland[1]}****${mainland[2]}` : phone.replace(/\d(?=\d{2})/g, '*')
}

/** The first character, then one star: enough to recognise somebody one already knows. */
function maskName(name: string): string {
  const first = Array.from(name)[0]
  return first === undefined ? '' : `${first}**`
}

/** What somebody sees who has no right to the raw value (R60). */
export function maskValue(mask: FieldMask, value: string): string {
  switch (mask) {
    case 'none':
      return value
    case 'phone':
      return maskPhone(value)
    case 'name':
      return maskName(value)
    case 'presence':
      return value === '' ? '' : '已填写'
    case 'hidden':
      return ''
  }
}
