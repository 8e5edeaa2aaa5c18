import { describe, expect, it } from 'vitest'
import { complaintsOf, rssFloorsOf, slopesOf, type Sample } from './verdict.ts'

/** Twenty minutes, four looks each: memory climbs while the server gets warm, then by so much a minute. */
const run = (rssPerMinute: number, handlesPerMinute = 0): Sample[] =>
  Array.from({ length: 80 }, (_none, index) => {
    const minute = index / 4
    return { minute, rssMb: 200 + Math.min(minute, 5) * 20 + rssPerMinute * minute + (index % 2), heapMb: 90, handles: 40 + handlesPerMinute * minute, lagMs: 10, connections: 4, callersWaiting: 0 }
  })

describe('the verdict of a soak', () => {
  it('finds the slope of what comes after the warm-up', () => {
    expect(slopesOf(run(0))?.rssMb.perMinute).toBeCloseTo(0, 1)
    expect(slopesOf(run(3))?.rssMb.perMinute).toBeCloseTo(3, 1)
  })

  it('says nothing of a slope after a few looks', () => {
    expect(slopesOf(run(50).slice(0, 8))).toBeNull()
  })

  it('complains about memory and handles that rise', () => {
    expect(complaintsOf(run(0.2), [])).toEqual([])
    expect(complaintsOf(run(3, 4), [])).toEqual(['memory rises by 3.00 MiB a minute', 'handles rise by 4.00 a minute'])
  })

  it('tells the floor of memory every five minutes', () => {
    expect(rssFloorsOf(run(0)).map(Math.round)).toEqual([200, 300, 300, 300])
  })

  it('forgives a look that failed, not many of them', () => {
    expect(complaintsOf(run(0), [], 4)).toEqual([])
    expect(complaintsOf(run(0), [], 5)).toEqual(['5 of 85 looks at the server failed'])
  })

  it('takes bursts of sockets for no leak, however they grow', () => {
    const noisy = run(0).map((sample, index) => ({ ...sample, handles: index % 3 === 0 ? 40 : 40 + ((index * 37) % 60) + index * 4 }))
    expect(slopesOf(noisy)?.handles.perMinute).toBeCloseTo(0)
    expect(complaintsOf(noisy, [])).toEqual([])
  })

  it('complains about a 5xx that no injected fault explains, not about one of a vendor', () => {
    expect(complaintsOf([], [{ route: '/a', status: 503, code: 'vendor.unavailable', count: 9 }])).toEqual([])
    expect(complaintsOf([], [{ route: '/a', status: 500, code: 'server.internal', count: 1 }])).toEqual(['1 x 500 server.internal at /a without a cause'])
    expect(complaintsOf([], [{ route: '/a', status: 0, code: '', count: 2 }])).toHaveLength(1)
  })
})
