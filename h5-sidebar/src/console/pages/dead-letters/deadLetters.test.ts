import { discardDeadLetters, listDeadLetterQueues, listDeadLetters, replayDeadLetters, type DeadLetter } from '@qihui/shared/health'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'
import { aboutWhat, causeOf } from './letterWords.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 5_000 }).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page?.close())

const at = '2026-11-22T02:00:00.000Z'
const letter: DeadLetter = {
  deadLetterId: '0190aaaa-0000-7000-8000-000000000001', job: 'mirrorContact', payload: [{ name: 'externalUserId', value: 'wmSIM0001' }],
  failure: { code: 'vendor.unavailable', message: '企业微信暂时无法完成该操作（错误码 45009）' }, attempts: 9, askedAt: '2026-11-22T01:00:00.000Z', gaveUpAt: '2026-11-22T01:30:00.000Z',
}
const queue = { job: 'mirrorContact', dead: 1, underWay: 0, oldestAt: letter.gaveUpAt }
type Server = (typeof page)['server']

/** A server with one queue of so many letters that forgets them when they are dealt with. */
function answer(server: Server, dead: number): unknown[] {
  let left = dead
  const bodies: unknown[] = []
  const deal = ({ body }: { body: { choice: { kind: string } } }) => {
    bodies.push(body)
    const handled = body.choice.kind === 'some' ? 1 : Math.min(500, left)
    left -= handled
    return { handled, left: body.choice.kind === 'some' ? 0 : left }
  }
  server.on(listDeadLetterQueues, () => ({ at, queues: left === 0 ? [] : [{ ...queue, dead: left }] }))
  server.on(listDeadLetters, () => ({ deadLetters: left === 0 ? [] : [letter], nextCursor: null }))
  server.on(replayDeadLetters, deal)
  server.on(discardDeadLetters, deal)
  return bodies
}

it('tells in words what failed, for whom and why', async () => {
  page = await openConsole({ at: '/dead-letters', prepare: (server) => void answer(server, 1) })
  await seen('同步客户资料（1）')
  for (const words of ['客户 wmSIM0001', '错误码 45009', '2026-11-22 09:30', '9']) await seen(words)
  expect(page.text()).not.toContain('mirrorContact')
})

it('says that nothing failed', async () => {
  page = await openConsole({ at: '/dead-letters', prepare: (server) => void answer(server, 0) })
  await seen('没有失败的任务')
})

it('runs one again, and it is gone', async () => {
  let bodies: unknown[] = []
  page = await openConsole({ at: '/dead-letters', prepare: (server) => void (bodies = answer(server, 1)) })
  await seen('wmSIM0001')
  page.press('重新执行：客户 wmSIM0001')
  await seen('没有失败的任务')
  expect(bodies).toEqual([{ job: 'mirrorContact', choice: { kind: 'some', deadLetterIds: [letter.deadLetterId] } }])
})

it('runs all again batch by batch, only after a yes, and means those that were shown', async () => {
  let bodies: unknown[] = []
  page = await openConsole({ at: '/dead-letters', prepare: (server) => void (bodies = answer(server, 1_200)) })
  await seen('共 1,200 个')
  page.press('全部重新执行')
  await seen('请先确认失败的原因已经排除')
  page.press('取消')
  await expect.poll(() => document.querySelector('.el-message-box')?.checkVisibility() ?? false).toBe(false)
  expect(bodies).toEqual([])
  page.press('全部重新执行')
  await seen('请先确认失败的原因已经排除')
  page.press('全部重新执行')
  await seen('没有失败的任务')
  expect(bodies).toEqual(Array.from({ length: 3 }, () => ({ job: 'mirrorContact', choice: { kind: 'all', gaveUpUntil: at } })))
})

it('drops only with a reason', async () => {
  let bodies: unknown[] = []
  page = await openConsole({ at: '/dead-letters', prepare: (server) => void (bodies = answer(server, 1)) })
  await seen('wmSIM0001')
  page.press('丢弃：客户 wmSIM0001')
  await seen('丢弃后无法恢复')
  page.press('确认丢弃')
  await seen('请选择丢弃的原因')
  expect(bodies).toEqual([])
  page.choose('已过时效')
  page.press('确认丢弃')
  await seen('没有失败的任务')
  expect(bodies).toMatchObject([{ reason: 'outdated' }])
})

it('keeps what it showed when the server does not answer, and says so', async () => {
  page = await openConsole({
    at: '/dead-letters',
    prepare: (server) => {
      answer(server, 1)
      server.on(replayDeadLetters, () => refusing({ kind: 'problem', code: 'server.unavailable' }))
    },
  })
  await seen('wmSIM0001')
  page.press('重新执行：客户 wmSIM0001')
  await seen('服务暂时不可用')
  await seen('wmSIM0001')
})

it.each([
  [{ ...letter, failure: { code: 'timedOut', message: 'job timed out' } }, '执行超时'],
  [{ ...letter, failure: null }, '没有留下原因'],
  [{ ...letter, failure: { code: '23505', message: 'duplicate key' } }, '请把下面的信息交给技术人员'],
])('a cause is said in words an operator understands', (one, words) => expect(causeOf(one, 'mirrorContact').words).toContain(words))

it('a job of another version says its name, instants and kinds are said in words', () => {
  expect(causeOf({ ...letter, job: 'newerJob' }, 'unhandled').words).toContain('newerJob')
  expect(aboutWhat({ payload: [{ name: 'endedBy', value: 'customer' }, { name: 'endedAtMs', value: at }] })).toEqual(['结束方 客户', '结束时间 2026-11-22 10:00'])
})
