import { changeTagLibrary, getTagLibrary, refreshTagLibrary } from '@qihui/shared/corp-tag'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TagLibrary } from '../../../api/tagApi.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'
import { tagLibrary } from '../../../testing/tagSamples.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

const asked = { changeId: '0190aaaa-0000-7000-8000-000000000401', summary: '删除标签“母婴”', state: 'waiting', failure: null, createdBy: '吴经理', createdAt: '2026-11-22T04:00:00.000Z' } as const

it('shows whose each tag is, and offers changes only for those of this app', async () => {
  page = await openConsole({ at: '/corp-tags', prepare: (server) => server.on(getTagLibrary, () => tagLibrary) })
  await seen('共 4 个标签，企业微信上限 10000 个')
  for (const words of ['系统维护', '本应用创建', '其他来源创建', '由系统自动维护', '请在企业微信管理后台修改']) await seen(words)
  expect(() => page.button('删除金卡会员')).toThrow()
  expect(() => page.button('展会改名')).toThrow()
  expect(page.button('母婴上移').disabled).toBe(true)
})

it('says how many customers carry a tag before it is deleted, and then how the writing went', async () => {
  const changes: unknown[] = []
  let library: TagLibrary = tagLibrary
  page = await openConsole({
    at: '/corp-tags',
    prepare: (server) => {
      server.on(getTagLibrary, () => library)
      server.on(changeTagLibrary, ({ body }) => {
        changes.push(body)
        library = { ...tagLibrary, changes: [{ ...asked, state: 'failed', failure: '企业微信暂时没有正常应答，请稍后重试' }] }
        return asked
      })
    },
  })
  await seen('母婴')
  page.press('删除母婴')
  await seen('目前有 37 位客户使用')
  page.press('删除')
  await seen('写入失败')
  await seen('企业微信暂时没有正常应答')
  expect(changes).toEqual([{ kind: 'delete', id: 'etBaby' }])
})

it('moves a tag by asking for the whole order, and creates tags from lines', async () => {
  const changes: unknown[] = []
  page = await openConsole({
    at: '/corp-tags',
    prepare: (server) => {
      server.on(getTagLibrary, () => tagLibrary)
      server.on(changeTagLibrary, ({ body }) => {
        changes.push(body)
        return asked
      })
    },
  })
  await seen('母婴')
  page.press('母婴下移')
  await expect.poll(() => changes).toEqual([{ kind: 'reorder', groupId: 'etgInterest', tagIds: ['etBeauty', 'etBaby'] }])
  page.press('在兴趣新建标签')
  await seen('标签名称')
  page.press('新建')
  await seen('请至少填写一个标签')
  page.fill('标签名称', '护肤\n彩妆，')
  page.press('新建')
  await expect.poll(() => changes).toHaveLength(2)
  expect(changes[1]).toEqual({ kind: 'createTags', groupId: 'etgInterest', tagNames: ['护肤', '彩妆'] })
})

it('says in words why the server refused a change, and reads the library again on demand', async () => {
  page = await openConsole({
    at: '/corp-tags',
    prepare: (server) => {
      server.on(getTagLibrary, () => tagLibrary)
      server.on(changeTagLibrary, () => refusing({ kind: 'problem', code: 'corpTag.nameTaken' }))
      server.on(refreshTagLibrary, () => ({ requestedAt: '2026-11-22T04:00:00.000Z' }))
    },
  })
  await seen('美妆')
  page.press('从企业微信读取')
  await seen('正在从企业微信读取')
  page.press('美妆改名')
  await seen('改名：美妆')
  page.fill('新名称', '母婴')
  page.press('改名')
  await seen('同名标签已存在')
})
