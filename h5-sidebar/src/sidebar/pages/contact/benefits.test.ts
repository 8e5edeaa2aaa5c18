import { getContactBenefits } from '@qihui/shared/benefit'
import { tierProgress } from '@qihui/shared/tier'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContactBenefits } from '../../../api/sidebarApi.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { memberCard, notRegisteredCard } from '../../../testing/samples.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)

const gold = tierProgress(5200)
const goldCard = { ...memberCard, member: memberCard.member && { ...memberCard.member, tier: { ...gold, benefits: [...gold.benefits] } } }
const silverBenefits: ContactBenefits = {
  isWaiting: false,
  held: [{ code: 'memberPrice', kind: 'service', name: '会员专享价', description: '', since: '2026-11-22' }],
  next: [{ code: 'adviser', kind: 'adviser', name: '专属顾问一对一服务', description: '', unlocksOn: '2026-11-29' }],
  usableCoupons: 1,
  adviserName: '李明',
  isOwnAdviser: true,
}

describe('the benefits of a customer', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('say first that gold is to be served first, and do not wait for anything to say it', async () => {
    page = openSidebar({ card: goldCard, prepare: (server) => server.on(getContactBenefits, () => new Promise(() => undefined)) })
    await seen('金卡 · 绿色通道，请优先接待')
    await seen('绿色通道优先服务')
  })

  it('say it of nobody else', async () => {
    page = openSidebar()
    await seen('客户权益')
    expect(page.text()).not.toContain('优先接待')
  })

  it('show what is in effect, the next step with its day, the adviser and the coupons', async () => {
    page = openSidebar({ prepare: (server) => server.on(getContactBenefits, () => silverBenefits) })
    await seen('2026年11月29日解锁 专属顾问一对一服务')
    expect(document.querySelectorAll('[aria-label="已生效的权益"] li')).toHaveLength(1)
    expect(page.text()).toContain('李明（您）')
    expect(page.text()).toContain('1 张')
  })

  it('fall back on what the tier promises when they do not come', async () => {
    page = openSidebar({ prepare: (server) => server.on(getContactBenefits, () => refusing({ kind: 'unreachable' })) })
    await seen('客户权益')
    const names = memberCard.member?.tier.benefits ?? []
    expect([...document.querySelectorAll('[aria-label="已生效的权益"] li')].map((one) => one.textContent)).toEqual(names)
  })

  it('say that they wait while the membership is looked at', async () => {
    page = openSidebar({ prepare: (server) => server.on(getContactBenefits, () => ({ ...silverBenefits, isWaiting: true, held: [], next: [] })) })
    await seen('权益自动生效')
  })

  it('are not asked for while the contact is no member', async () => {
    page = openSidebar({ card: notRegisteredCard })
    await seen('未入会')
    expect(page.server.asked.some((line) => line.endsWith('/benefits'))).toBe(false)
  })
})
