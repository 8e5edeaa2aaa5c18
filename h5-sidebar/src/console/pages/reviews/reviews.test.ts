import { decideIdentityReview, getMergePreview, listIdentityReviews, undoMerge, type IdentityReview } from '@qihui/shared/identity'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { merge, preview, review } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
type Server = (typeof page)['server']
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const at = `/identity-reviews/${review.reviewId}`
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

/** A queue of one that remembers what was decided. */
function oneReview(server: Server) {
  const world = { review, decided: [] as unknown[] }
  const isOpen = () => world.review.state === 'open'
  server.on(listIdentityReviews, ({ query }) => ({ reviews: isOpen() === (query['state'] === 'open') ? [world.review] : [] }))
  server.on(decideIdentityReview, ({ body }) => {
    world.decided.push(body)
    const state: IdentityReview['state'] = body.decision === 'merge' ? 'merged' : 'keptApart'
    world.review = { ...review, state, decidedBy: '吴经理', decidedAt: '2026-11-22T03:59:00.000Z' }
    return { review: world.review, mergeId: body.decision === 'merge' ? merge.mergeId : null }
  })
  return world
}

it('the queue says why, who and since when, and turns to what was decided', async () => {
  page = await openConsole({ at: '/identity-reviews' })
  await seen('两人验证了同一手机号')
  await seen('2026-11-21 16:00')
  page.choose('已处理')
  await seen('还没有处理过复核')
})

it('two persons stand side by side, and the preview says what a merge does', async () => {
  page = await openConsole({ at })
  await seen('营销同意：以较严格的一方为准（不同意）')
  await seen('QH0042')
  await seen('****a1b2')
  const kept = Array.from(document.querySelectorAll('.person')).filter((card) => card.textContent?.includes('合并后保留'))
  expect(kept.map((card) => card.getAttribute('aria-label'))).toEqual(['客户 甲'])
})

it('a merge is made after a yes, with the note, and can be undone from the same page', async () => {
  const undone: unknown[] = []
  let world: ReturnType<typeof oneReview> | undefined
  page = await openConsole({
    at,
    prepare: (server) => {
      world = oneReview(server)
      server.on(undoMerge, ({ params, body }) => {
        undone.push([params['mergeId'], body])
        return { ...merge, undoneAt: '2026-11-22T04:00:00.000Z', undoneBy: '吴经理', canUndo: false }
      })
    },
  })
  await seen('合并预览')
  page.fill('判断依据（选填，会写入审计记录）', ' 电话核对过 ')
  page.press('合并')
  await seen('合并后可以撤销并恢复原样')
  expect(world?.decided).toEqual([])
  page.press('确认合并')
  await seen('撤销这次合并')
  expect(world?.decided).toEqual([{ decision: 'merge', note: '电话核对过' }])
  page.press('撤销这次合并')
  await seen('恢复到合并之前')
  page.fill('撤销原因（选填，会写入审计记录）', '是母女二人')
  page.press('撤销合并')
  await seen('撤销完成，双方数据已恢复')
  expect(undone).toEqual([[merge.mergeId, { note: '是母女二人' }]])
  expect(page.server.asked.filter((line) => line.endsWith('/preview'))).toHaveLength(1)
})

it('what cannot be merged says why, and can only be kept apart', async () => {
  let world: ReturnType<typeof oneReview> | undefined
  page = await openConsole({
    at,
    prepare: (server) => {
      world = oneReview(server)
      server.on(getMergePreview, () => ({ ...preview, canMerge: false, obstacle: '两人各有一个 unionid', effects: [] }))
    },
  })
  await seen('不能合并：两人各有一个 unionid')
  expect(page.button('合并').disabled).toBe(true)
  page.press('保持独立')
  await seen('双方数据都不改变')
  page.press('保持独立')
  await expect.poll(() => world?.decided).toEqual([{ decision: 'keepApart' }])
  await seen('已保持独立')
})

it('a decision somebody else has made meanwhile is shown, not overwritten', async () => {
  page = await openConsole({
    at,
    prepare: (server) => {
      const world = oneReview(server)
      server.on(decideIdentityReview, () => {
        world.review = { ...review, state: 'keptApart', decidedBy: '徐经理', decidedAt: '2026-11-22T03:58:00.000Z' }
        return refusing({ kind: 'problem', code: 'review.alreadyDecided' })
      })
    },
  })
  await seen('合并预览')
  page.press('合并')
  await seen('确认合并')
  page.press('确认合并')
  await seen('徐经理')
  expect(page.text()).not.toContain('合并预览')
})

it('a review that is not there leads back to the queue', async () => {
  page = await openConsole({ at, prepare: (server) => server.on(listIdentityReviews, () => ({ reviews: [] })) })
  await seen('没有这条复核')
  expect(page.link('返回复核队列').getAttribute('href')).toContain('/identity-reviews')
})
