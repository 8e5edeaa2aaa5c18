import { describe, expect, it } from 'vitest'
import { isPreview, placeOf } from './placeOf.ts'

const wechatPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x18003233) NetType/WIFI Language/zh_CN'
const wechatDesktop = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13)'
const wecomPhone = 'Mozilla/5.0 (Linux; Android 13; V2183A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 wxwork/4.1.28 ColorScheme/Dark MicroMessenger/7.0.1 NetType/WIFI Language/zh'
const wecomDesktop = 'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.5359.220 Safari/537.36 wxwork/4.1.30 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron'
const androidBrowser = 'Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36'
const desktop = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

describe('placeOf', () => {
  it.each([
    ['wechat', wechatPhone],
    ['wechat', wechatDesktop],
    ['wecom', wecomPhone],
    ['wecom', wecomDesktop],
    ['phoneBrowser', androidBrowser],
    ['desktop', desktop],
    ['desktop', ''],
  ])('finds %s in %.60s', (place, userAgent) => {
    expect(placeOf(userAgent)).toBe(place)
  })
})

describe('isPreview', () => {
  it.each([wechatPhone, wechatDesktop, wecomPhone, wecomDesktop, androidBrowser, desktop])('takes %.60s for a person', (userAgent) => {
    expect(isPreview(userAgent)).toBe(false)
  })

  it.each(['', 'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)', 'facebookexternalhit/1.1', 'Slackbot-LinkExpanding 1.0', 'curl/8.5.0', 'Mozilla/5.0 (compatible; Googlebot/2.1)'])(
    'takes %j for a program',
    (userAgent) => {
      expect(isPreview(userAgent)).toBe(true)
    },
  )
})
