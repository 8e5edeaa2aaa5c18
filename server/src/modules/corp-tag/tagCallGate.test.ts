import { expect, it } from 'vitest'
import { createGate } from './tagCallGate.ts'

it('never lets more run than it may, and everyone comes through', async () => {
  const gate = createGate(5)
  let running = 0
  let most = 0
  const done: number[] = []
  const work = (index: number) => async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (index % 4 === 0) throw new Error('refused')
    done.push(index)
  }
  const results = await Promise.allSettled(Array.from({ length: 40 }, (_none, index) => gate.run(work(index))))
  expect(most).toBe(5)
  expect(done).toHaveLength(30)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10)
})
