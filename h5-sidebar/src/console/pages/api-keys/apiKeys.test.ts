import { createApiKey, listApiKeys, revokeApiKey } from '@qihui/shared/member'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiKey } from '../../../testing/consoleSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const secret = 'qk_sample_key_that_is_shown_once'
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

async function createKey(): Promise<void> {
  page = await openConsole({ at: '/api-keys', prepare: (server) => server.on(createApiKey, ({ body }) => ({ ...apiKey, ...body, key: secret })) })
  await seen('线上商城')
  page.press('新建密钥')
  await seen('权限')
  page.press('创建')
  await seen('请填写名称')
  await seen('至少选择一项权限')
  page.fill('名称', '收银系统')
  page.choose('核验会员码')
  page.press('创建')
  await seen(secret)
}

it('a new key is shown once, copied, and gone when the dialog closes', async () => {
  await createKey()
  page.press('复制密钥')
  await expect.poll(() => page.copied).toEqual([secret])
  page.press('关闭')
  await expect.poll(() => page.text()).not.toContain(secret)
})

it('a key that was not copied is not closed away without a question', async () => {
  await createKey()
  page.press('关闭')
  await seen('关闭后无法再次查看这把密钥')
  page.press('取消')
  await expect.poll(() => page.text()).toContain(secret)
})

it('a key says what it may do and when it was used, and is revoked only after a yes', async () => {
  let isRevoked = false
  page = await openConsole({
    at: '/api-keys',
    prepare: (server) => {
      server.on(listApiKeys, () => ({ keys: [{ ...apiKey, revokedAt: isRevoked ? '2026-11-22T04:00:00.000Z' : null }] }))
      server.on(revokeApiKey, () => {
        isRevoked = true
        return { ...apiKey, revokedAt: '2026-11-22T04:00:00.000Z' }
      })
    },
  })
  await seen('写入会员、写入订单')
  await seen('2 分钟前')
  page.press('停用密钥线上商城')
  await seen('无法恢复')
  expect(isRevoked).toBe(false)
  page.press('停用密钥')
  await seen('已停用')
})
