import { runDoctor, type Finding } from '@qihui/shared/doctor'
import { getHealth } from '@qihui/shared/health'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runningState } from '../../../testing/healthSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

const finding = (key: string, outcome: Finding['outcome'], more: Partial<Finding> = {}): Finding => ({ key, title: `检查 ${key}`, outcome, detail: `详情 ${key}`, remedy: null, where: null, ...more })

it('what is wrong comes first, with what to change and where', async () => {
  const findings = [
    finding('corpId', 'ok', { remedy: '不必处理' }),
    finding('trustedIp', 'failed', { remedy: '把 203.0.113.9 加入名单', where: '企业可信IP' }),
    finding('agent', 'skipped'),
    finding('toolbar', 'byHand', { remedy: '请核对工具栏' }),
  ]
  page = await openConsole({ at: '/health', prepare: (server) => server.on(runDoctor, () => ({ at: '2026-11-22T02:00:00.000Z', findings })) })
  await seen('发现 1 处异常')
  const text = page.text()
  for (const words of ['把 203.0.113.9 加入名单', '企业可信IP', '请核对工具栏', '正常（1 项）']) expect(text).toContain(words)
  expect(text).not.toContain('不必处理')
  expect(text.indexOf('检查 trustedIp')).toBeLessThan(text.indexOf('检查 corpId'))
})

it('a set-up in order is called so, and every refresh asks anew', async () => {
  let asked = 0
  page = await openConsole({
    at: '/health',
    prepare: (server) =>
      server.on(runDoctor, () => {
        asked += 1
        return { at: '2026-11-22T02:00:00.000Z', findings: [finding('corpId', 'ok')] }
      }),
  })
  await seen('没有发现异常')
  page.press('刷新')
  await expect.poll(() => asked).toBe(2)
})

const answerFindings = (server: (typeof page)['server']) => server.on(runDoctor, () => ({ at: '2026-11-22T02:00:00.000Z', findings: [] }))

it('the running state says in words what waits, what failed and what runs out', async () => {
  page = await openConsole({ at: '/health', prepare: answerFindings })
  await seen('任务队列')
  const text = page.text()
  for (const words of ['处理及时', '签名不符 2 次', '1 个最终失败', '同步客户资料', '发送短信与邮件', 'Secret 被拒', '企业微信 接口凭证', '9,000 / 10,000', '不足两成', '封存及时', '没有逾期', '50 MB', '已发送 31 条', '被其他应用抢先 2 条', '超过 20 秒未发 1 条']) expect(text).toContain(words)
  // A queue with nothing in it is no news.
  expect(text).not.toContain('夜间等级评定')
  for (const code of ['mirrorContact', 'accessToken']) expect(text).not.toContain(code)
})

it('the running state names what is wrong', async () => {
  const wrong = { ...runningState, callbacks: { ...runningState.callbacks, lagSeconds: 95 }, audit: { ...runningState.audit, isBroken: true }, erasures: { open: 2, overdue: 2 }, database: { ...runningState.database, callersWaiting: 5 } }
  page = await openConsole({
    at: '/health',
    prepare: (server) => {
      answerFindings(server)
      server.on(getHealth, () => wrong)
    },
  })
  await seen('积压 1 分 35 秒')
  for (const words of ['校验不通过', '2 个已逾期', '5 个请求在等连接']) expect(page.text()).toContain(words)
})

it('the running state is asked anew every half minute while somebody can see it', async () => {
  let asked = 0
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    page = await openConsole({
      at: '/health',
      prepare: (server) => {
        answerFindings(server)
        server.on(getHealth, () => {
          asked += 1
          return runningState
        })
      },
    })
    await seen('任务队列')
    vi.advanceTimersByTime(30_000)
    await expect.poll(() => asked).toBe(2)
    await seen('任务队列')
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    vi.advanceTimersByTime(120_000)
    expect(asked).toBe(2)
    hidden.mockRestore()
  } finally {
    vi.useRealTimers()
  }
})
