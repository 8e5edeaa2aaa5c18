import { explainTier, firstTierRules, getContactTierExplanation, tierProgress } from '@qihui/shared/tier'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TierExplanation } from '../../../api/sidebarApi.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)
const sheet = () => document.querySelector('[role=dialog]')?.textContent ?? ''

const joinedAt = '2026-01-31T04:00:00.000Z'
const bought = { amount: 1200, occurredAt: '2026-02-10T04:00:00.000Z', postedAt: '2026-02-10T04:00:00.000Z' }

/** What the server answers for somebody who bought once, seen at an instant. */
function explainedAt(at: string): TierExplanation {
  const { standing, reasons, ladder, ...terms } = explainTier([bought], [firstTierRules], joinedAt, at)
  const progress = tierProgress(standing.growthValue, standing)
  return { tier: { ...progress, benefits: [...progress.benefits] }, since: standing.since, ...terms, reasons: [...reasons], ladder: ladder.map((step) => ({ ...step, benefits: [...step.benefits] })) }
}

async function openSheet(prepare: NonNullable<Parameters<typeof openSidebar>[0]>['prepare']): Promise<void> {
  page = openSidebar(prepare ? { prepare } : {})
  await seen('银卡会员')
  page.press('等级说明')
}

describe('the explanation of a tier', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('says why, what counts, what keeps the tier and by when, with the ladder and the history', async () => {
    await openSheet((server) => server.on(getContactTierExplanation, () => explainedAt('2026-07-01T00:00:00.000Z')))
    await expect.poll(sheet, { timeout: 2_000 }).toContain('2027年2月10日评定，当天结束前再得 1000 成长值即可保级')
    expect(sheet()).toContain('再得 3800 成长值，立即升级金卡会员')
    expect(sheet()).toContain('最近 12 个月获得的，目前从2025年7月1日算起')
    expect(sheet()).toContain('成长值满 5000，每季度评定一次')
    expect(document.querySelector('.ladder-own')?.textContent).toContain('银卡会员')
    expect(Array.from(document.querySelectorAll('.history li span'), (line) => line.textContent)).toEqual(['成长值达到 1200，升级为银卡会员', '注册成为会员'])
  })

  it('says in grace what is missing and until when', async () => {
    await openSheet((server) => server.on(getContactTierExplanation, () => explainedAt('2027-02-20T00:00:00.000Z')))
    await expect.poll(sheet, { timeout: 2_000 }).toContain('正在保级期：2027年3月13日前再得 1000 成长值即可保住银卡会员，期间权益不变')
    expect(document.querySelector('.forecast-grace')).not.toBeNull()
  })

  it('says what went wrong, and reads again on request', async () => {
    let isDown = true
    await openSheet((server) => server.on(getContactTierExplanation, () => (isDown ? refusing({ kind: 'unreachable' }) : explainedAt('2026-07-01T00:00:00.000Z'))))
    await expect.poll(sheet, { timeout: 2_000 }).toContain('网络连接不上')
    isDown = false
    page.press('重新读取')
    await expect.poll(sheet, { timeout: 2_000 }).toContain('等级记录')
    page.press('关闭')
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull()
  })
})
