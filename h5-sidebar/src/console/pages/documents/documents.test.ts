import { createDocument, revokeDocument } from '@qihui/shared/interaction'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { trackedDocument as document } from '../../../testing/growthSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('a document shows what became of it, and its link is copied', async () => {
  page = await openConsole({ at: '/documents' })
  await seen('秋季新品手册')
  page.press('复制秋季新品手册的链接')
  await expect.poll(() => page.copied).toEqual([document.url])
})

it('a new one needs a title and an https address', async () => {
  let sent: unknown = null
  page = await openConsole({ at: '/documents', prepare: (server) => server.on(createDocument, ({ body }) => ((sent = body), document)) })
  await seen('秋季新品手册')
  page.press('新建资料链接')
  await seen('只能指向这些域名及其子域名：mp.weixin.qq.com')
  page.press('创建')
  await seen('请填写标题')
  page.fill('标题', '保养指南')
  page.fill('资料地址', 'https://mp.weixin.qq.com/s/care')
  page.press('创建')
  await expect.poll(() => sent).toEqual({ title: '保养指南', targetUrl: 'https://mp.weixin.qq.com/s/care' })
})

it('links are ended only after a yes', async () => {
  let isRevoked = false
  page = await openConsole({ at: '/documents', prepare: (server) => server.on(revokeDocument, () => ((isRevoked = true), document)) })
  await seen('秋季新品手册')
  page.press('停用秋季新品手册')
  await seen('已发到聊天里的也打不开')
  expect(isRevoked).toBe(false)
  page.press('停用资料')
  await expect.poll(() => isRevoked).toBe(true)
})

it('figures of employees say that they are of no customer', async () => {
  page = await openConsole({ at: '/staff-behaviour' })
  await seen('不用于任何客户的成长值')
  await seen('92.5%')
})
