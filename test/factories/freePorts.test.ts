import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePorts } from './freePorts.ts'

it('passes over ports somebody listens on', async () => {
  const first = await freePorts(1)
  const taken = createServer().listen(first + 2, '127.0.0.1')
  await once(taken, 'listening')
  const next = await freePorts(3)
  taken.close()
  expect([next, next + 1, next + 2]).not.toContain(first + 2)
})

it('gives no port twice, however many ask at once', async () => {
  const begins = await Promise.all(Array.from({ length: 20 }, () => freePorts(3)))
  const ports = begins.flatMap((begin) => [begin, begin + 1, begin + 2])
  expect(new Set(ports).size).toBe(60)
})

it('stays below the ports a system gives to outgoing connections', async () => {
  expect(await freePorts(3)).toBeLessThan(32_766)
})
