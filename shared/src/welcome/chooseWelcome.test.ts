import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseWelcome, maxWelcomeTextBytes } from './chooseWelcome.ts'

const facts = { brandName: '企会', staffName: '李销', tierName: null, inviteUrl: 'https://wxaurl.cn/abc', channelText: null }

describe('chooseWelcome', () => {
  it('names the brand and the rep, and invites with a link', () => {
    const { text, link } = chooseWelcome(facts)
    expect(text).toContain('企会')
    expect(text).toContain('李销')
    expect(link).toEqual({ title: '加入企会会员', description: '一键入会，无需填写，立享会员专属权益', url: 'https://wxaurl.cn/abc' })
  })

  it('welcomes a member back by tier and sends no invitation', () => {
    const { text, link } = chooseWelcome({ ...facts, tierName: '银卡会员' })
    expect(text).toContain('欢迎回来')
    expect(text).toContain('银卡会员')
    expect(link).toBeNull()
  })

  it('says what the channel wants said, with and without a link, but not to a member', () => {
    const channelText = '开业三天，入会即送 50 元券'
    expect(chooseWelcome({ ...facts, channelText }).text).toBe('您好，我是企会的李销，很高兴为您服务！\n开业三天，入会即送 50 元券')
    expect(chooseWelcome({ ...facts, channelText, inviteUrl: null }).text).toContain(channelText)
    expect(chooseWelcome({ ...facts, channelText, tierName: '银卡会员' }).text).not.toContain(channelText)
  })

  it('speaks of no card when there is no link', () => {
    const { text, link } = chooseWelcome({ ...facts, inviteUrl: null })
    expect(text).not.toContain('卡片')
    expect(link).toBeNull()
  })

  it('greets without a name when the rep is not known yet', () => {
    expect(chooseWelcome({ ...facts, staffName: null }).text).toMatch(/^您好，欢迎来到企会！/)
  })

  it('always fits the platform limit for names of allowed length', () => {
    const name = fc.string({ maxLength: 64, unit: 'grapheme' })
    fc.assert(
      fc.property(name, fc.option(name), fc.option(name), fc.option(fc.webUrl()), fc.option(fc.string({ maxLength: 200, unit: 'grapheme' })), (brandName, staffName, tierName, inviteUrl, channelText) => {
        const { text } = chooseWelcome({ brandName: brandName.slice(0, 20), staffName, tierName, inviteUrl, channelText: channelText?.slice(0, 200) ?? null })
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(maxWelcomeTextBytes)
      }),
    )
  })
})
