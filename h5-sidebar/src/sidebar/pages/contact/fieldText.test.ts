import { expect, it } from 'vitest'
import { fieldText } from './fieldText.ts'

it.each([
  ['phone', '+8613800001111', '138 0000 1111'],
  ['phone', '+85251234567', '+85251234567'],
  ['phone', '+862088886666', '+862088886666'],
  ['instant', '2026-05-02T16:00:00.000Z', '2026-05-03'],
  ['text', '+8613800001111', '+8613800001111'],
] as const)('%s %s is shown as %s', (type, value, shown) => expect(fieldText({ type, value })).toBe(shown))
