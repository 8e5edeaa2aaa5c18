import { expect, it } from 'vitest'
import { isAllowedTarget } from './isAllowedTarget.ts'

it.each([
  ['https://mp.weixin.qq.com/s/abc', true],
  ['https://MP.weixin.qq.com/s/abc', true],
  ['https://docs.brand.example/a?b=1#c', true],
  ['https://brand.example', true],
  ['http://mp.weixin.qq.com/s/abc', false],
  ['https://weixin.qq.com/', false],
  ['https://notbrand.example/', false],
  ['https://brand.example.evil.example/', false],
  ['https://brand.example@evil.example/', false],
  ['https://evil.example\\@brand.example/', false],
  ['https://brand.example\\.evil.example/', false],
  ['https://brand.example:8443/', false],
  ['javascript:alert(1)', false],
])('%s may be a target: %s', (url, isAllowed) => {
  expect(isAllowedTarget(url, ['mp.weixin.qq.com', 'brand.example'])).toBe(isAllowed)
})
