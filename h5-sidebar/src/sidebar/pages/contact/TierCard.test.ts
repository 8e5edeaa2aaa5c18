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

  it('says when the tier is looked at again, and what grace asks for', () => {
    const held = (reviewOn: string | null, graceUntil: string | null) => {
      const progress = tierProgress(1200, { tier: 'silver', reviewOn, graceUntil })
      return mount(TierCard, { props: { tier: { ...progress, benefits: [...progress.benefits] } } })
    }
    expect(held('2027-02-10', null).get('.tier-notice').text()).toBe('下次评定：2027年2月10日')
    expect(held(null, '2027-03-13').get('.tier-notice-grace').text()).toContain('2027年3月13日前补足成长值')
    expect(cardFor(100).find('.tier-notice').exists()).toBe(false)
  })
})
