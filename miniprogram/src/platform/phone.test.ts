import { describe, expect, it } from 'vitest'
import { phoneAnswer } from './phone.ts'

describe('phoneAnswer', () => {
  it('hands on the code of somebody who allowed it', () => {
    expect(phoneAnswer({ code: 'c1', errMsg: 'getPhoneNumber:ok' })).toEqual({ kind: 'granted', phoneCode: 'c1' })
  })

  const refusals: [string, { errMsg: string; errno?: number }, string][] = [
    ['a refusal', { errMsg: 'getPhoneNumber:fail user deny' }, 'refused'],
    ['a refusal in other words', { errMsg: 'getPhoneNumber:fail:user cancel' }, 'refused'],
    ['an empty quota', { errMsg: 'getPhoneNumber:fail', errno: 1400001 }, 'quotaExhausted'],
    ['a refused privacy guide by number 103', { errMsg: 'getPhoneNumber:fail', errno: 103 }, 'privacyRefused'],
    ['a refused privacy guide by number 104', { errMsg: 'getPhoneNumber:fail', errno: 104 }, 'privacyRefused'],
    ['a refused privacy guide by its words', { errMsg: 'getPhoneNumber:fail privacy permission is not authorized' }, 'privacyRefused'],
    ['a privacy guide without the phone', { errMsg: 'getPhoneNumber:fail', errno: 112 }, 'privacyUndeclared'],
    ['anything else', { errMsg: 'getPhoneNumber:fail' }, 'unavailable'],
  ]
  it.each(refusals)('understands %s', (_, detail, kind) => {
    expect(phoneAnswer(detail)).toEqual({ kind })
  })
})
