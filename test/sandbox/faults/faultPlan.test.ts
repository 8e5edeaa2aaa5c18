import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFaultPlan } from './faultPlan.ts'
import type { FaultScript } from './faultPlan.ts'

const SCRIPT: FaultScript = {
  seed: 42,
  vendor: [{ kind: 'http5xx', probability: 0.3 }, { kind: 'delay', probability: 0.3, delayMs: 50 }],
  callback: [{ kind: 'duplicate', probability: 0.3 }],
}

function kindsOf(script: FaultScript, paths: readonly string[]): string[] {
  const plan = createFaultPlan(() => undefined)
  plan.start(script)
  return paths.map((path) => `${path} ${plan.forVendor(path)?.kind ?? 'none'} ${plan.forCallback(path)?.kind ?? 'none'}`)
}

describe('fault plan', () => {
  it('does nothing until started and after stopped', () => {
    const plan = createFaultPlan(() => undefined)
    const always: FaultScript = { seed: 1, vendor: [{ kind: 'drop', probability: 1 }] }
    expect(plan.forVendor('/a')).toBeNull()
    plan.start(always)
    expect(plan.forVendor('/a')).toMatchObject({ kind: 'drop' })
    plan.stop()
    expect(plan.forVendor('/a')).toBeNull()
  })

  it('prints the seed and describes what fired', () => {
    const lines: string[] = []
    const plan = createFaultPlan((line) => lines.push(line))
    plan.start({ seed: 7, vendor: [{ kind: 'html', probability: 1, times: 2 }] })
    for (let count = 0; count < 3; count += 1) plan.forVendor('/a')
    expect(lines).toEqual(['sandbox faults on, seed 7'])
    expect(plan.describe()).toBe('seed 7: 2 faults (html 2)')
  })

  it('meets a path with the same faults for one seed, whatever other paths are called between', () => {
    const path = fc.constantFrom('/a', '/b', '/c')
    fc.assert(fc.property(fc.integer(), fc.array(path, { maxLength: 40 }), (seed, paths) => {
      const script = { ...SCRIPT, seed }
      const mixed = kindsOf(script, paths).filter((line) => line.startsWith('/a'))
      const alone = kindsOf(script, paths.filter((candidate) => candidate === '/a'))
      expect(mixed).toEqual(alone)
    }))
  })

  it('gives other faults for another seed', () => {
    const paths = Array<string>(60).fill('/a')
    expect(kindsOf(SCRIPT, paths)).not.toEqual(kindsOf({ ...SCRIPT, seed: 43 }, paths))
  })

  it('fires about as often as asked', () => {
    const plan = createFaultPlan(() => undefined)
    plan.start({ seed: 5, vendor: [{ kind: 'drop', probability: 0.25 }] })
    const hits = Array.from({ length: 2_000 }, () => plan.forVendor('/a')).filter((fault) => fault !== null).length
    expect(hits).toBeGreaterThan(420)
    expect(hits).toBeLessThan(580)
  })

  it('keeps a rule with a path to that path', () => {
    const plan = createFaultPlan(() => undefined)
    plan.start({ seed: 1, vendor: [{ kind: 'errcode', probability: 1, path: '/a', errcode: 45009 }] })
    expect([plan.forVendor('/b'), plan.forVendor('/a')]).toEqual([null, { kind: 'errcode', delayMs: 0, errcode: 45009 }])
  })
})
