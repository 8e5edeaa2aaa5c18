import { tierProgress } from '@qihui/shared/tier'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import TierCard from './TierCard.vue'

function cardFor(growthValue: number) {
  const progress = tierProgress(growthValue)
  return mount(TierCard, { props: { tier: { ...progress, benefits: [...progress.benefits] } } })
}

describe('TierCard', () => {
  it('says how far the next tier is, to the eye and to a screen reader', () => {
    const card = cardFor(100)
    expect(card.text()).toContain('还差 900 成长值升级银卡会员')
    const bar = card.get('[role="progressbar"]')
    expect(bar.attributes()).toMatchObject({ 'aria-valuenow': '10', 'aria-label': '还差 900 成长值升级银卡会员' })
  })

  it('has no bar to fill at the highest tier', () => {
    const card = cardFor(5000)
    expect(card.find('[role="progressbar"]').exists()).toBe(false)
    expect(card.text()).toContain('已是最高等级')
  })

  it('lists every benefit of the tier', () => {
    expect(cardFor(1000).findAll('.tier-benefits li').map((benefit) => benefit.text())).toEqual([...tierProgress(1000).benefits])
  })
})
