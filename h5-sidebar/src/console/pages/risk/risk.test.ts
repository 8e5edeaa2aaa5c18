import { createRiskAllowance, listRiskDecisions, reviewRiskDecision, type RiskDecision } from '@qihui/shared/risk'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { riskList } from '../../../testing/consoleSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const [held] = riskList.decisions as [RiskDecision]
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('a held registration shows every reason, and is released with what that does', async () => {
  let reviewed: RiskDecision | null = null
  const asked: unknown[] = []
  page = await openConsole({
    at: '/risk',
    prepare: (server) => {
      server.on(listRiskDecisions, ({ query }) => {
        const all: RiskDecision[] = [reviewed ?? held]
        return { decisions: all.filter(({ verdict }) => (verdict === null) === (query['open'] === 'true')), alarms: [] }
      })
      server.on(reviewRiskDecision, ({ body }) => {
        asked.push(body)
        reviewed = { ...held, verdict: body.verdict, reviewedBy: '吴经理', reviewedAt: '2026-11-22T04:00:00.000Z' }
        return reviewed
      })
    },
  })
  await seen('同一网络 10 分钟内注册 31 次')
  await seen('暂缓权益')
  page.press('复核：QH0099')
  await seen('成长值与权益自注册之日起补计')
  page.fill('说明（选填，会写入审计记录）', '门店开业活动')
  page.press('放行')
  await seen('没有待复核的注册')
  expect(asked).toEqual([{ verdict: 'released', note: '门店开业活动' }])
  page.choose('已复核')
  await seen('改判')
  expect(document.querySelector('tbody')?.textContent).toContain('已放行')
  page.press('改判：QH0099')
  await seen('您的结论会立即生效')
  expect(() => page.button('放行')).toThrow()
  page.press('确认异常')
  await expect.poll(() => asked).toHaveLength(2)
  expect(asked[1]).toEqual({ verdict: 'confirmed' })
})

it('alarms of the last day and allowances are seen, with the channel by name', async () => {
  page = await openConsole({ at: '/risk' })
  await seen('10 分钟内注册超过 50 次')
  await seen('周年庆')
  await expect.poll(() => Array.from(document.querySelectorAll('tr')).find((row) => row.textContent?.includes('周年庆'))?.textContent).toContain('南山店收银台')
  await seen('2026-11-28 09:00')
})

it('an allowance without channel and time is not asked for', async () => {
  page = await openConsole({ at: '/risk', prepare: (server) => server.on(createRiskAllowance, () => Promise.reject(new Error('must not be asked'))) })
  await seen('周年庆')
  page.press('登记活动')
  await seen('每 10 分钟最多注册人数')
  page.fill('活动名称', '双十二')
  page.press('登记')
  await seen('请选择渠道')
  await seen('请选择开始与结束时间')
  expect(page.server.asked).not.toContain('POST /api/console/risk-allowances')
})
