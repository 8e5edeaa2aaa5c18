import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesIn } from './addressesIn.ts'

it('ends an address where Chinese text begins', () => {
  expect(addressesIn('点击https://m.example/i/aB3?x=1，完成入会。')).toEqual([
    { text: '点击', isAddress: false },
    { text: 'https://m.example/i/aB3?x=1', isAddress: true },
    { text: '，完成入会。', isAddress: false },
  ])
})

it('loses nothing of a text', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant('，'))), (parts) => {
    const text = parts.join('')
    expect(addressesIn(text).map((part) => part.text).join('')).toBe(text)
  }))
})
