import { createHash } from 'node:crypto'
import { getJsApiSignature } from '@wecom/crypto'
import { describe, expect, it } from 'vitest'
import { ownPageAddress, signPage } from './signPage.ts'

const publicUrl = 'https://member.example.com:8443'
const at = new Date(1_789_000_000_900)

describe('ownPageAddress', () => {
  it.each([
    ['https://member.example.com:8443/sidebar/?a=1&b=%E4%B8%AD#/contact', 'https://member.example.com:8443/sidebar/?a=1&b=%E4%B8%AD'],
    ['https://member.example.com:8443/sidebar/', 'https://member.example.com:8443/sidebar/'],
  ])('keeps %s up to the fragment and otherwise as typed', (url, expected) => {
    expect(ownPageAddress(url, publicUrl)).toBe(expected)
  })

  it.each([
    'https://member.example.com/sidebar/',
    'http://member.example.com:8443/sidebar/',
    'https://member.example.com:8443.evil.example/',
    'https://member.example.com:8443@evil.example/',
    'https://evil@member.example.com:8443/sidebar/',
    'javascript:alert(1)',
    '',
  ])('refuses %j', (url) => {
    expect(() => ownPageAddress(url, publicUrl)).toThrow(expect.objectContaining({ code: 'jssdk.hostRefused' }))
  })
})

describe('signPage', () => {
  it('hashes the four raw values in their fixed order, time in seconds', () => {
    const { signature, nonceStr, timestamp } = signPage('https://member.example.com:8443/sidebar/', 'ticket-1', at)
    const text = `jsapi_ticket=ticket-1&noncestr=${nonceStr}&timestamp=1789000000&url=https://member.example.com:8443/sidebar/`
    expect({ signature, timestamp }).toEqual({ signature: createHash('sha1').update(text).digest('hex'), timestamp: 1_789_000_000 })
  })

  it('signs as the library of the vendor does', () => {
    const url = 'https://member.example.com:8443/sidebar/?a=1&b=%E4%B8%AD'
    const signed = signPage(url, 'ticket-1', at)
    expect(signed).toEqual(getJsApiSignature({ url, ticket: 'ticket-1', nonceStr: signed.nonceStr, timestamp: signed.timestamp }))
  })

  it('never repeats a nonce', () => {
    const nonces = Array.from({ length: 1000 }, () => signPage(publicUrl, 'ticket-1', at).nonceStr)
    expect(new Set(nonces).size).toBe(1000)
  })
})
