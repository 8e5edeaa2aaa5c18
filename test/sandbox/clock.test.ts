import { describe, expect, it } from 'vitest'
import { createManualClock, createRealClock } from './clock.ts'

describe('manual clock', () => {
  it('stands still until moved', async () => {
    const clock = createManualClock(1_000)
    expect(clock.now()).toBe(1_000)
    await clock.advance(500)
    expect(clock.now()).toBe(1_500)
  })

  it('fires what became due in order, each at its own time, also timers set meanwhile', async () => {
    const clock = createManualClock(0)
    const fired: Array<[string, number]> = []
    clock.after(20, () => void fired.push(['late', clock.now()]))
    clock.after(10, () => {
      fired.push(['early', clock.now()])
      clock.after(5, () => void fired.push(['nested', clock.now()]))
    })
    clock.after(31, () => void fired.push(['not yet', clock.now()]))
    await clock.advance(30)
    expect(fired).toEqual([['early', 10], ['nested', 15], ['late', 20]])
  })

  it('forgets a cancelled timer', async () => {
    const clock = createManualClock(0)
    const fired: string[] = []
    clock.after(1, () => void fired.push('x'))()
    await clock.advance(10)
    expect(fired).toEqual([])
  })
})

describe('real clock', () => {
  it('runs with the time of day and jumps by advance', async () => {
    const clock = createRealClock()
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50)
    await clock.advance(3_600_000)
    expect(Math.abs(clock.now() - Date.now() - 3_600_000)).toBeLessThan(50)
  })

  it('brings a timer forward and fires a short one by itself', async () => {
    const clock = createRealClock()
    const fired: string[] = []
    clock.after(3_600_000, () => void fired.push('far'))
    await clock.advance(3_600_000)
    await new Promise<void>((resolve) => clock.after(1, resolve))
    expect(fired).toEqual(['far'])
  })
})
