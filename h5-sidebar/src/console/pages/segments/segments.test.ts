import { deleteSegment, listSegments, previewSegment, updateSegment, type Segment } from '@qihui/shared/segment'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openConsole } from '../../../testing/openConsole.ts'
import { segment, segmentList } from '../../../testing/tagSamples.ts'
import { conditionWords } from './segmentWords.ts'

let page: Awaited<ReturnType<typeof openConsole>> | undefined
const seen = (words: string) => expect.poll(() => page?.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => {
  page?.close()
  page = undefined
})

it('lists segments in words, and says what deleting one takes away', async () => {
  let state: Segment['state'] = 'active'
  page = await openConsole({
    at: '/segments',
    prepare: (server) => {
      server.on(listSegments, () => ({ ...segmentList, segments: [{ ...segment, state }] }))
      server.on(deleteSegment, () => {
        state = 'deleting'
        return { ...segment, state }
      })
    },
  })
  await seen('等级为金卡会员；30 天内活跃')
  await seen('最多 50 个分群，现有 1 个')
  page.press('删除活跃金卡')
  await seen('目前 86 位会员')
  page.press('删除分群')
  await seen('正在删除')
})

it('looks at who is meant before it is saved, and asks for what is missing', async () => {
  const drafts: unknown[] = []
  page = await openConsole({
    at: '/segments/new',
    prepare: (server) => {
      server.on(listSegments, () => segmentList)
      server.on(previewSegment, () => ({ members: 3, reachable: 2, sample: [{ memberNo: '100200300400', name: '陈**', tierName: '金卡会员', growthValue: 5200, registeredAt: '2026-10-01T02:00:00.000Z' }] }))
      server.on(updateSegment, ({ body }) => {
        drafts.push(body)
        return segment
      })
    },
  })
  await seen('还没有条件')
  page.press('保存分群')
  await seen('请填写分群名称')
  await seen('请至少添加一个条件')
  expect(page.server.asked).not.toContain('POST /api/console/segments')
  page.fill('分群名称', '活跃金卡')
  await page.router.push('/segments')
  await seen('活跃金卡')
  await page.router.push(`/segments/${segment.segmentId}`)
  await expect.poll(() => (page?.field('分群名称') as HTMLInputElement | undefined)?.value).toBe('活跃金卡')
  page.press('预览人数')
  await seen('符合条件的会员：3 人')
  await seen('陈**')
  page.fill('分群名称', '活跃的金卡')
  page.press('保存分群')
  await expect.poll(() => drafts).toEqual([{ name: '活跃的金卡', conditions: segment.conditions }])
  await expect.poll(() => page?.router.currentRoute.value.name).toBe('segments')
})

it('says each kind of condition in words', () => {
  const names = { tags: new Map([['etBaby', '母婴']]), channels: new Map([['c1', '南山店']]), fields: segmentList.answerFields }
  const words = [
    { kind: 'growth', min: 1 } as const,
    { kind: 'growth', max: 2 } as const,
    { kind: 'growth', min: 1, max: 2 } as const,
    { kind: 'corpTag', anyOf: ['etBaby', 'etGone'] } satisfies Segment['conditions'][number],
    { kind: 'channel', anyOf: ['c1'] } satisfies Segment['conditions'][number],
    { kind: 'registeredWithin', days: 7 } as const,
    { kind: 'answer', field: 'gender', anyOf: ['f'] } satisfies Segment['conditions'][number],
  ].map((condition) => conditionWords(condition, names))
  expect(words).toEqual(['成长值不低于 1', '成长值不高于 2', '成长值 1 至 2', '有标签母婴、已删除之一', '来自渠道南山店', '7 天内入会', '性别为女'])
})
