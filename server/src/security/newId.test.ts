import { expect, it } from 'vitest'
import { newId } from './newId.ts'

it('makes ids of version 7 that never repeat and sort by time', () => {
  const ids = Array.from({ length: 5_000 }, newId)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
  expect(ids.every((id) => id[14] === '7')).toBe(true)
})
