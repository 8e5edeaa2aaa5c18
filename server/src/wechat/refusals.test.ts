import { describe, expect, it } from 'vitest'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { callerIpOf, toAppError } from './refusals.ts'

describe('callerIpOf', () => {
  it.each([
    ['invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 65f0', '203.0.113.9'],
    ['invalid ip: 203.0.113.9, not in whitelist', '203.0.113.9'],
    ['not in whitelist', null],
  ])('reads %j', (errmsg, expected) => {
    expect(callerIpOf(errmsg)).toBe(expected)
  })
})

describe('toAppError', () => {
  it.each([
    [40164, 'vendor.configuration'],
    [40125, 'vendor.configuration'],
    [41030, 'vendor.configuration'],
    [45009, 'vendor.unavailable'],
    [-1, 'vendor.unavailable'],
  ])('%i is %s', (errcode, code) => {
    expect(toAppError(new VendorRefusal('wechat', '/wxa/x', errcode, '')).code).toBe(code)
  })
})
