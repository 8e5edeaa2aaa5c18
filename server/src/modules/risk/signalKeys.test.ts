import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createFieldCipher } from '../../security/fieldCipher.ts'
import { clientFamilyOf, networkOf, signalKeys } from './signalKeys.ts'

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113'],
    ['::ffff:203.0.113.7', '203.0.113'],
    ['2001:db8:12::7', '2001:db8:12'],
    ['2001:0db8:0012:1::7', '2001:db8:12'],
    ['::1', '0:0:0'],
  ])('%s is of %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })
})

describe('clientFamilyOf', () => {
  it('tells kinds apart and people not', () => {
    const wechat = (build: string) => `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Mobile/15E148 MicroMessenger/8.0.${build} NetType/WIFI`
    expect(clientFamilyOf(wechat('50'))).toBe('ios micromessenger 8')
    expect(clientFamilyOf(wechat('51'))).toBe(clientFamilyOf(wechat('50')))
    expect(clientFamilyOf('')).toBe('other')
  })
})

describe('signalKeys', () => {
  const traces = { ip: '203.0.113.7', userAgent: '', namespace: 'mp-openid@a', openId: 'o', phone: '+8613800001111', channelToken: 'abcdefghijklmnopqrstuv', staffUserId: null }

  it('names only what is known, and hides all of it', () => {
    const cipher = createFieldCipher(randomBytes(32), randomBytes(32))
    expect(signalKeys(cipher, traces).signals).toEqual(['ip', 'network', 'segment', 'channel', 'client'])
    expect(signalKeys(cipher, { ...traces, phone: null, channelToken: null }).signals).toEqual(['ip', 'network'])
    expect(signalKeys(cipher, traces).keys.every((key) => key.length === 32)).toBe(true)
  })

  it('puts numbers of one lot into one segment', () => {
    const cipher = createFieldCipher(randomBytes(32), randomBytes(32))
    const segment = (phone: string) => signalKeys(cipher, { ...traces, phone }).keys[2]
    expect(segment('+8613800001111')).toEqual(segment('+8613800009999'))
    expect(segment('+8613800001111')).not.toEqual(segment('+8613800011111'))
  })
})
