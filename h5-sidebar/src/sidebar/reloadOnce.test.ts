import { beforeEach, describe, expect, it, vi } from 'vitest'
import { reloadOnce } from './reloadOnce.ts'

describe('reloadOnce', () => {
  beforeEach(() => sessionStorage.clear())

  it('reloads, but not again within a minute', () => {
    const reload = vi.fn()
    reloadOnce(sessionStorage, 1_000_000, reload)
    reloadOnce(sessionStorage, 1_059_000, reload)
    expect(reload).toHaveBeenCalledTimes(1)
    reloadOnce(sessionStorage, 1_061_000, reload)
    expect(reload).toHaveBeenCalledTimes(2)
  })
})
