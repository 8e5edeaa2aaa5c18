import { dateLabel } from './instantLabel.ts'

interface Field {
  readonly type: 'text' | 'phone' | 'instant'
  readonly value: string
}

/** `138 0000 1111`, as mainland numbers are read aloud; others keep their country code. Expects E.164. */
function phoneText(phone: string): string {
  return phone.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')
}

/** A value in clear as people write it. */
export function fieldText({ type, value }: Field): string {
  if (type === 'instant') return dateLabel(value)
  return type === 'phone' ? phoneText(value) : value
}
