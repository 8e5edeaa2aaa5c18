import { describe, expect, it } from 'vitest'
import { clientPlatform, type ClientPlatform } from './clientPlatform.ts'

describe('clientPlatform', () => {
  const cases: [string, string, number, ClientPlatform][] = [
    ['Windows client', 'Mozilla/5.0 (Windows NT 10.0) Chrome/81 wxwork/4.1.36 MicroMessenger/7.0.1', 0, { isWecom: true, os: 'windows', version: '4.1.36' }],
    ['Android client', 'Mozilla/5.0 (Linux; Android 9) Chrome/66 wxwork/3.1.0 ColorScheme/Dark', 5, { isWecom: true, os: 'android', version: '3.1.0' }],
    ['iPhone client', 'Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) wxwork/4.0.8', 5, { isWecom: true, os: 'ios', version: '4.0.8' }],
    ['Mac client', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) wxwork/4.1.26', 0, { isWecom: true, os: 'mac', version: '4.1.26' }],
    ['iPad that says it is a Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) wxwork/4.1.26', 5, { isWecom: true, os: 'ios', version: '4.1.26' }],
    ['WeChat', 'Mozilla/5.0 (Linux; Android 9) MicroMessenger/8.0', 5, { isWecom: false, os: 'android', version: null }],
  ]
  it.each(cases)('recognises the %s', (_name, userAgent, touchPoints, expected) => {
    expect(clientPlatform(userAgent, touchPoints)).toEqual(expected)
  })
})
