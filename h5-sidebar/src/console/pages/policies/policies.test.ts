import { listPolicies, publishPolicy } from '@qihui/shared/consent'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { policy } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const answer = { version: '2026-11', title: policy.title, publishedAt: '2026-11-22T04:00:00.000Z', textHash: policy.textHash, diffClass: 'material' as const, sections: policy.sections }
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('versions are listed with their proof, and the whole text can be read', async () => {
  page = await openConsole({ at: '/policies' })
  await seen('2026-01')
  await seen('9f86d081884c7d65…')
  await seen('实质变更')
  page.press('查看版本2026-01')
  await seen('手机号：经您授权后提供。')
  await seen(policy.textHash)
})

it('a material version says whom it asks again, and is published with its paragraphs', async () => {
  let sent: unknown
  page = await openConsole({
    at: '/policies/new',
    prepare: (server) =>
      server.on(publishPolicy, ({ body }) => {
        sent = body
        return answer
      }),
  })
  await seen('还没有改动')
  expect(page.button('发布新版本').disabled).toBe(true)
  page.fill('第 2 节的正文，段落之间空一行', '您可以查询信息。\n\n您可以删除信息。')
  await seen('修改“二、您的权利”')
  page.fill('版本号', '2026-11')
  page.press('发布新版本')
  await seen('请选择变更性质')
  page.choose('实质变更')
  page.press('发布新版本')
  await seen('已同意当前版本的 37 条同意在重新确认前不再有效')
  page.press('发布')
  await seen('隐私政策 2026-11 已发布')
  const sections = [policy.sections[0], { heading: '二、您的权利', paragraphs: ['您可以查询信息。', '您可以删除信息。'] }]
  expect(sent).toEqual({ version: '2026-11', replaces: '2026-01', title: '会员隐私政策', diffClass: 'material', summary: policy.summary, sections })
})

it('a minor version says that nobody is asked again', async () => {
  page = await openConsole({ at: '/policies/new' })
  await seen('还没有改动')
  page.fill('第 1 条要点', '我们收集您的微信标识。')
  await seen('修改了要点')
  page.fill('版本号', '2026-12')
  page.choose('轻微变更')
  page.press('发布新版本')
  await seen('客户不会被再次询问')
})

it('what is missing is said beside it, and nothing is sent', async () => {
  page = await openConsole({ at: '/policies/new' })
  await seen('还没有改动')
  page.press('添加一节')
  await seen('新增“”')
  page.fill('版本号', '版本一')
  page.choose('轻微变更')
  page.press('发布新版本')
  await seen('版本号由 1-32 位字母')
  await seen('不能为空')
  expect(page.server.asked).not.toContain('POST /api/console/policies')
})

it('a text written on an older version is kept, and says so', async () => {
  let policies = [policy]
  page = await openConsole({
    at: '/policies/new',
    prepare: (server) => {
      server.on(listPolicies, () => ({ policies }))
      server.on(publishPolicy, () => {
        policies = [{ ...policy, version: '2026-10' }, policy]
        return refusing({ kind: 'problem', code: 'policy.unpublishable' })
      })
    },
  })
  await seen('还没有改动')
  page.fill('第 1 条要点', '我写的要点')
  await seen('修改了要点')
  page.fill('版本号', '2026-11')
  page.choose('轻微变更')
  page.press('发布新版本')
  await seen('客户不会被再次询问')
  page.press('发布')
  await seen('已有人发布了版本 2026-10')
  expect(page.field('第 1 条要点').value).toBe('我写的要点')
})
