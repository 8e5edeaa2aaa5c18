import { phoneText } from '@qihui/shared/member'
import { dateLabel } from './instantLabel.ts'

interface Field {
  readonly type: 'text' | 'phone' | 'instant'
  readonly value: string
}

/** A value in clear as people write it. */
export function fieldText({ type, value }: Field): string {
  if (type === 'instant') return dateLabel(value)
  return type === 'phone' ? phoneText(value) : value
}
