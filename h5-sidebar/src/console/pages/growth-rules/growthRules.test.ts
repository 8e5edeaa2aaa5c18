import { previewGrowthRules, publishGrowthRules } from '@qihui/shared/growth'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { firstVersion } from '../../../testing/growthSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('the rules in force stand in plain words, with every version and when it begins', async () => {
  page = await openConsole({ at: '/growth-rules' })
  await seen('消费：每满 1 元得 1 点，不满不计；退款按原规则扣回')
  await seen('待生效')
  await seen('启用系统起')
  await seen('阅读资料：每份每天 2 点，每天最多 3 份，每月最多 30 次')
})

it('a draft is tried before it is published, and an old result says that it is old', async () => {
  page = await openConsole({ at: '/growth-rules/new' })
  await seen('注册入会（点）')
  page.press('试算')
  await seen('480000 → 910500')
  expect(page.text()).not.toContain('草稿已修改')
  page.fill('注册入会（点）', '200')
  await seen('草稿已修改')
})

it('what the rules refuse is said at its field and never sent', async () => {
  let isAsked = false
  const refused = () => {
    isAsked = true
    throw new Error('asked')
  }
  page = await openConsole({ at: '/growth-rules/new', prepare: (server) => [server.on(previewGrowthRules, refused), server.on(publishGrowthRules, refused)] })
  await seen('注册入会（点）')
  page.fill('得（点）', '0')
  await expect.poll(() => page.button('发布新版本').disabled).toBe(false)
  page.press('发布新版本')
  await seen('每档成长值须为 1-10000 的整数')
  expect(isAsked).toBe(false)
})

it('publishing asks first, names the version it replaces, and leads back', async () => {
  let sent: unknown = null
  page = await openConsole({
    at: '/growth-rules/new',
    prepare: (server) =>
      server.on(publishGrowthRules, ({ body }) => {
        sent = body
        return { ...firstVersion, version: 'growth.3', definition: body.definition }
      }),
  })
  await seen('注册入会（点）')
  page.fill('注册入会（点）', '150')
  await expect.poll(() => page.button('发布新版本').disabled).toBe(false)
  page.press('发布新版本')
  await seen('只对此后发生的事有效')
  expect(sent).toBeNull()
  page.press('发布')
  await expect.poll(() => page.router.currentRoute.value.name).toBe('growthRules')
  expect(sent).toMatchObject({ replaces: 'growth.2', effectiveFrom: null, definition: { registration: 150 } })
})
