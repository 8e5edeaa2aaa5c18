import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPathGates, type PathGate, type PathOutcome } from './pathGate.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

function open(windowsMs: readonly number[] = [minuteMs, hourMs]) {
  const clock = { at: 1_000_000 }
  const gate = createPathGates({ now: () => new Date(clock.at), windowsMs })('/x')
  return { clock, gate }
}

async function passOf(gate: PathGate) {
  const pass = await gate.enter()
  if (pass === null) throw new Error('no place came free')
  return pass
}

/** One call against a host that answers by itself. @returns whether it left */
async function call(gate: PathGate, answer: () => PathOutcome): Promise<boolean> {
  const pass = await passOf(gate)
  if (pass.heldBackMs() > 0) {
    pass.leave('heldBack')
    return false
  }
  await Promise.resolve()
  pass.leave(answer())
  return true
}

describe('a frequency limit', () => {
  /** Asks every second for three hours; the host refuses while its block lasts. @returns the calls that left after the first refusal and were refused */
  async function wastedIn(blockMs: number): Promise<{ wasted: number; resumedAfterMs: number }> {
    const { clock, gate } = open()
    const begun = clock.at
    let wasted = -1
    let resumedAfterMs = 0
    for (; clock.at < begun + 3 * hourMs && resumedAfterMs === 0; clock.at += 1_000) {
      const isBlocked = clock.at < begun + blockMs
      const crowd = await Promise.all(Array.from({ length: 5 }, () => call(gate, () => (isBlocked ? 'frequency' : 'answered'))))
      const left = crowd.filter(Boolean).length
      if (isBlocked && clock.at > begun) wasted += left
      else if (isBlocked) wasted += 1
      else if (left > 0) resumedAfterMs = clock.at - begun
    }
    return { wasted, resumedAfterMs }
  }

  it('of a minute is waited for: no call is wasted, and they go on when it ends', async () => {
    expect(await wastedIn(minuteMs)).toEqual({ wasted: 0, resumedAfterMs: minuteMs })
  })

  it('of an hour costs one call more, and they go on when it ends', async () => {
    expect(await wastedIn(hourMs)).toEqual({ wasted: 1, resumedAfterMs: hourMs })
  })

  it('of a host with minutes only is tried every minute by one call', async () => {
    const { clock, gate } = open([minuteMs])
    let left = 0
    for (let second = 0; second < 600; second += 1) {
      for (let index = 0; index < 3; index += 1) if (await call(gate, () => 'frequency')) left += 1
      clock.at += 1_000
    }
    expect(left).toBe(10)
  })

  it('is forgotten after a call went through', async () => {
    const { clock, gate } = open()
    for (let round = 0; round < 5; round += 1) {
      expect(await call(gate, () => 'frequency')).toBe(true)
      clock.at += minuteMs
      expect(await call(gate, () => 'answered')).toBe(true)
    }
  })
})

describe('crowding', () => {
  /** `calls` at once against a host that serves `served` at once. */
  async function crowd(calls: number, served: number) {
    const { gate } = open()
    let running = 0
    let [made, most] = [0, 0]
    const one = async (): Promise<void> => {
      const pass = await passOf(gate)
      pass.heldBackMs()
      made += 1
      most = Math.max(most, running + 1)
      if (running >= served) {
        await Promise.resolve()
        pass.leave('crowded')
        return one()
      }
      running += 1
      for (let tick = 0; tick < 5; tick += 1) await Promise.resolve()
      running -= 1
      pass.leave('answered')
    }
    await Promise.all(Array.from({ length: calls }, one))
    return { made, most }
  }

  it('costs at most a fifth more calls than a host takes, however few it serves at once', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (served) => {
      const { made } = await crowd(200, served)
      expect(made).toBeGreaterThanOrEqual(200)
      expect(made).toBeLessThanOrEqual(240)
    }))
  })

  it('never has more than twenty under way', async () => {
    expect((await crowd(500, 1_000)).most).toBeLessThanOrEqual(20)
  })

  it('is forgiven after a minute', async () => {
    const { clock, gate } = open()
    const passes = await Promise.all(Array.from({ length: 4 }, () => passOf(gate)))
    for (const pass of passes) pass.leave('crowded')
    const two = await Promise.all([passOf(gate), passOf(gate)])
    let isThird = false
    const third = passOf(gate).then((pass) => {
      isThird = true
      return pass
    })
    await Promise.resolve()
    expect(isThird).toBe(false)
    clock.at += minuteMs
    two[0].leave('answered')
    two[1].leave('answered')
    ;(await third).leave('answered')
    expect(await Promise.all(Array.from({ length: 20 }, () => gate.enter()))).not.toContain(null)
  })
})
