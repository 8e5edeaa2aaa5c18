import { listChannels } from '@qihui/shared/channel'
import { getConsistency } from '@qihui/shared/identity'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { consistency } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('the overview shows the consistency with its definition, what waits, alarms and the newest funnels', async () => {
  page = await openConsole()
  await seen('97.8%')
  await seen('老客回访短信')
  await seen('274 / 280 人已打通')
  await seen('10 分钟内注册超过 50 次')
  await seen('数据更新于刚刚')
  expect(page.button('什么是账号一致率：账号一致率 = 已打通 ÷ 可打通。可打通：确知其企业微信客户身份的会员，即 unionid 相同，或在微信、企业微信的同一次回应里出现过；已打通：会员与该客户已归到同一个人。被否决的证据不计。')).toBeTruthy()
})

it('the consistency is never rounded up past what was reached', async () => {
  page = await openConsole({ prepare: (server) => server.on(getConsistency, () => ({ ...consistency, linkable: 10_000, linked: 9_499, rate: 0.9499 })) })
  await seen('94.9%')
})

it('nobody linkable is a dash, not a hundred per cent, and no channel leads to making one', async () => {
  page = await openConsole({
    prepare: (server) => {
      server.on(getConsistency, () => ({ ...consistency, linkable: 0, linked: 0, rate: null, byMode: [] }))
      server.on(listChannels, () => ({ channels: [] }))
    },
  })
  await seen('0 / 0 人已打通')
  await seen('还没有渠道')
  expect(page.text()).not.toContain('100%')
  expect(page.link('新建渠道')).toBeTruthy()
})

it('one part that does not come leaves the others standing, and comes on request', async () => {
  let isDown = true
  page = await openConsole({ prepare: (server) => server.on(getConsistency, () => (isDown ? refusing({ kind: 'problem', code: 'server.internal' }) : consistency)) })
  await seen('服务暂时不可用')
  await seen('老客回访短信')
  await seen('req-test')
  isDown = false
  page.press('重试')
  await seen('97.8%')
})
