import { listMerges, undoMerge } from '@qihui/shared/identity'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { merge } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('a merge says who decided and what moved, and is undone with a reason', async () => {
  let isUndone = false
  const asked: unknown[] = []
  const undone = { ...merge, undoneAt: '2026-11-22T03:59:00.000Z', undoneBy: '徐经理', canUndo: false }
  page = await openConsole({
    at: '/merges',
    prepare: (server) => {
      server.on(listMerges, () => ({ merges: [isUndone ? undone : merge, { ...merge, mergeId: '0190aaaa-0000-7000-8000-000000000039', decidedBy: 'rule', canUndo: false }] }))
      server.on(undoMerge, ({ body }) => {
        asked.push(body)
        isUndone = true
        return undone
      })
    },
  })
  await seen('1 个身份，9 条数据')
  await seen('系统按可靠证据自动合并')
  await seen('已被后续合并覆盖')
  page.press('撤销陈**的合并')
  await seen('不会再自动合并')
  expect(asked).toEqual([])
  page.fill('撤销原因（选填，会写入审计记录）', '两位不同的客户')
  page.press('撤销合并')
  await seen('徐经理')
  expect(asked).toEqual([{ note: '两位不同的客户' }])
})

it('a merge that cannot be undone any more says so and keeps the reason', async () => {
  page = await openConsole({ at: '/merges', prepare: (server) => server.on(undoMerge, () => refusing({ kind: 'problem', code: 'merge.notUndoable' })) })
  await seen('1 个身份')
  page.press('撤销陈**的合并')
  await seen('不会再自动合并')
  page.fill('撤销原因（选填，会写入审计记录）', '原因')
  page.press('撤销合并')
  await seen('该合并已撤销，或已被后续合并覆盖')
  expect(page.field('撤销原因（选填，会写入审计记录）').value).toBe('原因')
})

it('no merge yet is said', async () => {
  page = await openConsole({ at: '/merges', prepare: (server) => server.on(listMerges, () => ({ merges: [] })) })
  await seen('还没有合并过身份')
})
