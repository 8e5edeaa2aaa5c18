import { runDoctor, type Finding } from '@qihui/shared/doctor'
import { afterEach, beforeEach, expect, it } from 'vitest'
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
