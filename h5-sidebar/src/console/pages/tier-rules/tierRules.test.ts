import { publishTierRules } from '@qihui/shared/tier'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tierVersion } from '../../../testing/growthSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('the rules in force stand in plain words', async () => {
  page = await openConsole({ at: '/tier-rules' })
  await seen('银卡：满 1000 点，每 12 个月评定一次')
  await seen('评定未达标：保级 30 天，期满仍不足则调整到成长值对应的等级')
})

it('a preview says what happens to whom, and when', async () => {
  page = await openConsole({ at: '/tier-rules/new' })
  await seen('银卡门槛（点）')
  page.press('试算')
  await seen('12 人够上更高等级，生效后下次累计成长值时升级')
})

it('publishing takes gold above silver, and a day from tomorrow on', async () => {
  let sent: unknown = null
  page = await openConsole({
    at: '/tier-rules/new',
    prepare: (server) =>
      server.on(publishTierRules, ({ body }) => {
        sent = body
        return { ...tierVersion, version: 'tier.2', definition: body.definition }
      }),
  })
  await seen('银卡门槛（点）')
  page.fill('银卡门槛（点）', '6000')
  await expect.poll(() => page.button('发布新版本').disabled).toBe(false)
  page.press('发布新版本')
  await seen('金卡门槛须高于银卡门槛')
  page.fill('银卡门槛（点）', '2000')
  page.press('发布新版本')
  await seen('零点（北京时间）起用于之后的升级与评定')
  page.press('发布')
  await expect.poll(() => sent).toMatchObject({ replaces: '2026-01', effectiveOn: '2026-11-23', definition: { silver: { minGrowth: 2000 } } })
})
