import { getTagReview, startTagReview } from '@qihui/shared/corp-tag'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openConsole } from '../../../testing/openConsole.ts'
import { tagReview } from '../../../testing/tagSamples.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 5_000 }).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('shows who edits by hand most, what was found, and when the next look is', async () => {
  page = await openConsole({ at: '/tier-tags', prepare: (server) => server.on(getTagReview, () => tagReview) })
  await seen('2026-12-01 02:00')
  await seen('最多的是王浩')
  await seen('添加 金卡会员；移除 普通会员')
  const first = document.querySelector('tbody tr')
  expect(first?.textContent).toContain('王浩')
})

it('looks now when asked, and follows how far it is', async () => {
  let looks = 0
  page = await openConsole({
    at: '/tier-tags',
    prepare: (server) => {
      server.on(getTagReview, () => {
        if (looks > 0) looks += 1
        const run = { startedAt: '2026-11-22T04:00:00.000Z', reviewed: looks > 2 ? 2 : 1, total: 2, differed: 0 }
        return looks > 0 ? { ...tagReview, run } : tagReview
      })
      server.on(startTagReview, () => {
        looks = 1
        return { requestedAt: '2026-11-22T04:00:00.000Z' }
      })
    },
  })
  await seen('立即核对')
  page.press('立即核对')
  await seen('不影响员工使用')
  page.press('开始核对')
  await seen('1 / 2')
  expect(page.button('立即核对').disabled).toBe(true)
  await seen('2026-11-22 12:00')
  await expect.poll(() => page.button('立即核对').disabled).toBe(false)
})
