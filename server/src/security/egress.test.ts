import { describe, expect, it } from 'vitest'
import { egressProblems, EgressRefusedError, egressTargets, guardedFetch, readHostList } from './egress.ts'

const list = (text: string) => readHostList(text) ?? new Map<string, string>()
const targets = (addresses: Record<string, string | null>, regions = '', reviews = '') => egressTargets(addresses, 'https://member.example.com', list(regions), list(reviews))

describe('outbound targets', () => {
  it('know the vendors, our own address and this machine', () => {
    const known = targets({ WECOM_API_BASE: 'https://qyapi.weixin.qq.com', SMTP_URL: 'smtp://user:secret@127.0.0.1:25', SMS_API_URL: null })
    expect(known.map(({ host, region }) => `${host} ${region}`)).toEqual(['qyapi.weixin.qq.com cn-mainland', '127.0.0.1 self', 'member.example.com self'])
    expect(egressProblems(known)).toEqual([])
  })

  it('are refused without a region, and outside the mainland without a legal review', () => {
    const sms = { SMS_API_URL: 'https://sms.example.com/send' }
    expect(egressProblems(targets(sms))).toEqual([expect.stringContaining('EGRESS_REGIONS=sms.example.com=cn-mainland')])
    expect(egressProblems(targets(sms, 'sms.example.com=cn-mainland'))).toEqual([])
    expect(egressProblems(targets(sms, 'sms.example.com=eu-frankfurt'))).toEqual([expect.stringContaining('EGRESS_LEGAL_REVIEW=sms.example.com=')])
    expect(egressProblems(targets(sms, 'sms.example.com=eu-frankfurt', 'sms.example.com=LR-2026-07'))).toEqual([])
  })

  it('cannot be written in another way', () => {
    expect(readHostList('sms.example.com')).toBeNull()
    expect(readHostList('a=b c')).toBeNull()
    expect(readHostList('')).toEqual(new Map())
  })
})

describe('the guarded fetch', () => {
  const asked: string[] = []
  const fetch = guardedFetch(targets({ WECOM_API_BASE: 'https://qyapi.weixin.qq.com', SMS_API_URL: 'https://sms.example.com' }), async (input) => {
    asked.push(String(input))
    return new Response('')
  })

  it.each(['https://qyapi.weixin.qq.com.evil.example/cgi-bin', 'https://sms.example.com/send', 'http://169.254.169.254/latest/meta-data', 'https://user@evil.example', 'https://QYAPI.weixin.qq.com@evil.example/'])('sends nothing to %s (trust test 62)', async (url) => {
    await expect(fetch(url)).rejects.toBeInstanceOf(EgressRefusedError)
    await expect(fetch(new Request(url.replace(/\/\/[^/@]*@/, '//')))).rejects.toBeInstanceOf(EgressRefusedError)
    expect(asked).toEqual([])
  })

  it('reaches what is listed', async () => {
    await fetch(new URL('https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=x'))
    expect(asked).toHaveLength(1)
  })
})
