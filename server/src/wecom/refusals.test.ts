import { describe, expect, it } from 'vitest'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { callerIpOf, toAppError } from './refusals.ts'

const tail = 'more info at https://open.work.weixin.qq.com/devtool/query?e=60020'

describe('callerIpOf', () => {
  it.each([
    [`not allow to access from your ip, hint: [1789000000_1_0123456789abcdef0123456789abcdef], from ip: 203.0.113.9, ${tail}`, '203.0.113.9'],
    [`not allow to access from your ip, hint: [123456789012345678901234], from ip: 2001:db8::1, ${tail}`, '2001:db8::1'],
    ['not allow to access from your ip, from ip: 203.0.113.9', '203.0.113.9'],
    ['not allow to access from your ip', null],
  ])('reads %j', (errmsg, expected) => {
    expect(callerIpOf(errmsg)).toBe(expected)
  })
})

describe('toAppError', () => {
  const refusal = (errcode: number, errmsg = ''): VendorRefusal => new VendorRefusal('wecom', '/cgi-bin/x', errcode, errmsg)

  it('names the IP to add for 60020', () => {
    expect(toAppError(refusal(60020, 'from ip: 203.0.113.9, more'))).toMatchObject({ code: 'vendor.configuration', detail: expect.stringContaining('203.0.113.9') })
  })

  it.each([
    [40001, 'WECOM_AGENT_SECRET'],
    [48002, '可调用接口的应用'],
    [60011, '可见范围'],
    [301002, 'WECOM_AGENT_ID'],
  ])('says what to change for %i', (errcode, hint) => {
    expect(toAppError(refusal(errcode))).toMatchObject({ code: 'vendor.configuration', detail: expect.stringContaining(hint) })
  })

  it.each([-1, 45009, 45033, 45035, 999999])('takes %i for something that passes', (errcode) => {
    expect(toAppError(refusal(errcode)).code).toBe('vendor.unavailable')
  })
})
