import { expect, it } from 'vitest'
import { phoneText } from './phoneText.ts'

it.each([
  ['+8613800001111', '138 0000 1111'],
  ['+85251234567', '+85251234567'],
  // A landline of Shenzhen has as many digits as a mobile number.
  ['+8675588886666', '+8675588886666'],
])('%s is shown as %s', (phone, shown) => expect(phoneText(phone)).toBe(shown))
