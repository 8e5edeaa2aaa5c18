import pino from 'pino'
import { expect, it, vi } from 'vitest'
import { gatherCounts, type NotedCount } from './gatherCounts.ts'

const log = pino({ level: 'silent' })
const at = new Date('2026-11-22T02:00:00.000Z')

it('writes what was noted once, counted and in the order of the names', async () => {
  const written: (readonly NotedCount[])[] = []
  const counts = gatherCounts({ now: () => at, log, what: 'test', flushAfterMs: 60_000, write: async (noted) => written.push(noted) })
  for (const name of ['b', 'c', 'a', 'b']) counts.note(name)
  await counts.flush()
  await counts.flush()
  expect(written).toEqual([[{ name: 'a', count: 1, lastAt: at }, { name: 'b', count: 2, lastAt: at }, { name: 'c', count: 1, lastAt: at }]])
})

it('writes on its own after the first note, and lets a failure pass', async () => {
  let tried = 0
  const counts = gatherCounts({ now: () => at, log, what: 'test', flushAfterMs: 1, write: () => Promise.reject(new Error(`away ${(tried += 1)}`)) })
  counts.note('a')
  await vi.waitFor(() => expect(tried).toBe(1))
  counts.note('a')
  await expect(counts.flush()).resolves.toBeUndefined()
  expect(tried).toBe(2)
})
