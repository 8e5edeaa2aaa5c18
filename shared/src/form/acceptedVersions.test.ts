import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptedVersions, versionInForce } from './acceptedVersions.ts'
import { formOverlapMs } from './forms.ts'

const start = Date.parse('2026-11-20T00:00:00.000Z')
const hour = 60 * 60 * 1000
const version = (name: string, hours: number) => ({ version: name, publishedAt: new Date(start + hours * hour).toISOString() })
const at = (hours: number, more = 0) => new Date(start + hours * hour + more)
const three = [version('v3', 100), version('v1', 0), version('v2', 50)]
const namesAt = (when: Date) => acceptedVersions(three, when).map((each) => each.version)

describe('acceptedVersions', () => {
  it('takes the former version for 24 hours and not a moment longer', () => {
    expect(namesAt(at(49))).toEqual(['v1'])
    expect(namesAt(at(50))).toEqual(['v2', 'v1'])
    expect(namesAt(at(50, formOverlapMs - 1))).toEqual(['v2', 'v1'])
    expect(namesAt(at(50, formOverlapMs))).toEqual(['v2'])
    expect(namesAt(at(101))).toEqual(['v3', 'v2'])
  })

  it('gives each version its 24 hours when two follow quickly', () => {
    expect(acceptedVersions([version('v1', 0), version('v2', 50), version('v3', 51)], at(52)).map((each) => each.version)).toEqual(['v3', 'v2', 'v1'])
  })

  it('falls back to the first version before it was published, and to nothing without versions', () => {
    expect(versionInForce(three, at(-1))?.version).toBe('v1')
    expect(versionInForce([], at(0))).toBeNull()
    expect(acceptedVersions([], at(0))).toEqual([])
  })

  it('never takes a version before it is published, and always the one in force', () => {
    const anyVersions = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 }).map((hours) => hours.map((each) => version(`v${each}`, each)))
    fc.assert(
      fc.property(anyVersions, fc.integer({ min: 0, max: 250 }), (versions, when) => {
        const accepted = acceptedVersions(versions, at(when))
        expect(accepted[0]).toEqual(versionInForce(versions, at(when)))
        for (const each of accepted.slice(1)) expect(Date.parse(each.publishedAt)).toBeLessThanOrEqual(at(when).getTime())
      }),
    )
  })
})
