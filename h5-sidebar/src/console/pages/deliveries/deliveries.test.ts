import { listDeliveries, type Delivery } from '@qihui/shared/delivery'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { delivery } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const rows = () => document.querySelectorAll('tbody tr').length
const many = Array.from({ length: 45 }, (_none, index): Delivery => ({ ...delivery, deliveryId: `0190aaaa-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`, state: index === 44 ? 'failed' : 'sent', reason: index === 44 ? '号码不存在' : null }))
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('a message shows whom, what for and why it was not sent', async () => {
  page = await openConsole({ at: '/deliveries' })
  await seen('收件人已撤回营销同意')
  for (const words of ['138****1111', '短信', '营销', '已取消', '老客回访短信', '2026-11-22 09:00']) await seen(words)
})

it('long lists come in pages, and the filter looks at all of them', async () => {
  page = await openConsole({ at: '/deliveries', prepare: (server) => server.on(listDeliveries, () => ({ deliveries: many })) })
  await seen('共 45 条')
  expect(rows()).toBe(20)
  const last = Array.from(document.querySelectorAll<HTMLElement>('.el-pager li')).find((number) => number.textContent === '3')
  last?.click()
  await expect.poll(rows).toBe(5)
  document.querySelector<HTMLElement>('.el-select__wrapper')?.click()
  await expect.poll(() => document.querySelectorAll('.el-select-dropdown__item').length).toBe(5)
  Array.from(document.querySelectorAll<HTMLElement>('.el-select-dropdown__item')).find((item) => item.textContent === '发送失败')?.click()
  await seen('号码不存在')
  expect(rows()).toBe(1)
})

it('an outage keeps what was shown and says so', async () => {
  let isDown = false
  page = await openConsole({ at: '/deliveries', prepare: (server) => server.on(listDeliveries, () => (isDown ? refusing({ kind: 'problem', code: 'request.rateLimited', headers: { 'retry-after': '9' } }) : { deliveries: [delivery] })) })
  await seen('138****1111')
  isDown = true
  page.press('刷新')
  await seen('请等待 9 秒后再试')
  await seen('138****1111')
})
