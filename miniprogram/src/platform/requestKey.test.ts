import { describe, expect, it, vi } from 'vitest'
import { requestKey } from './requestKey.ts'

describe('requestKey', () => {
  it('formats the random bits of the client as a UUID of version 4', async () => {
    const randomValues = new Uint8Array(16).fill(0xff).buffer
    vi.stubGlobal('wx', { getRandomValues: ({ success }: { success: (result: object) => void }) => success({ randomValues }) })
    expect(await requestKey()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
  })

  it('is new each time', async () => {
    expect(await requestKey()).not.toBe(await requestKey())
  })
})
