// @vitest-environment node
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemberServer } from './host/MemberServer.ts'
import { MiniProgramHost } from './host/MiniProgramHost.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const member = 'pages/member/index'

let server: MemberServer
let phone: MiniProgramHost

const screen = (words: string) => expect.poll(() => phone.text, { message: `waiting for “${words}”` }).toContain(words)

const coupon = { couponId: '0190b6f0-0000-7000-8000-00000000000a', name: '银卡礼券', terms: '满200元减20元', amountFen: 2000, thresholdFen: 20_000, state: 'unused', lastDay: '2027-02-21', usedAt: null, code: '7K3M-9QXT-2VHB' } as const

beforeEach(async () => {
  server = new MemberServer()
  await server.start()
  server.world.isMember = true
  phone = new MiniProgramHost(dist, () => server.url)
})

afterEach(async () => {
  phone.kill()
  await server.stop()
})

describe('the benefits of a member', () => {
  it('say on the member centre what is in effect, what comes next and how many coupons there are', async () => {
    server.world.benefits = { ...server.world.benefits, next: [{ code: 'adviser', kind: 'adviser', name: '专属顾问一对一服务', description: '一位固定的顾问', unlocksOn: '2026-11-29' }], coupons: [coupon] }
    phone.launch(member)
    await screen('2026年11月29日解锁：专属顾问一对一服务')
    expect(phone.text).toContain('会员专享价')
    expect(phone.text).toContain('1 张可用')
    expect(phone.text).not.toContain(coupon.code)
  })

  it('show the adviser with a code to hold, each step with its day, and coupons with their state', async () => {
    server.world.benefits = {
      ...server.world.benefits,
      next: [{ code: 'adviser', kind: 'adviser', name: '专属顾问一对一服务', description: '一位固定的顾问', unlocksOn: '2026-11-29' }],
      coupons: [coupon, { ...coupon, couponId: '0190b6f0-0000-7000-8000-00000000000b', name: '旧礼券', state: 'used', code: null, usedAt: '2026-11-22T03:00:00.000Z' }],
      adviser: { name: '李敏', since: '2026-11-22T03:00:00.000Z', contactWayUrl: 'https://wework.qpic.cn/way.png' },
    }
    phone.launch(member)
    await screen('权益与礼券')
    phone.tap('权益与礼券')
    await screen('即将解锁')
    expect(phone.text).toContain('2026年11月29日解锁')
    expect(phone.text).toContain('7K3M-9QXT-2VHB')
    expect(phone.text).toContain('有效期至2027年2月21日')
    expect(phone.text).toContain('已使用')
    expect(phone.find('专属顾问的二维码').at(-1)).toMatchObject({ tag: 'image', attributes: { src: 'https://wework.qpic.cn/way.png' } })
    expect(phone.text).not.toMatch(/undefined|null/)
  })

  it('say that they wait while the membership is looked at', async () => {
    server.world.benefits = { isWaiting: true, held: [], next: [], coupons: [], adviser: null }
    phone.launch(member)
    await screen('权益自动生效')
    expect(phone.text).not.toContain('权益与礼券')
  })
})
