import { linearRegression, linearRegressionLine, mean, sum } from 'simple-statistics'

/** What one look at the running server told. */
export interface Sample {
  readonly minute: number
  readonly rssMb: number
  /** Of JavaScript alone; rises and falls with the collector. */
  readonly heapMb: number
  readonly handles: number
  readonly lagMs: number
  readonly connections: number
  readonly callersWaiting: number
}

/** An answer that was no success of ours, counted by what it was. */
export interface ServerError {
  readonly route: string
  readonly status: number
  /** Code of the problem; empty when the answer was none of ours. */
  readonly code: string
  readonly count: number
}

/** Memory may rise by so many MiB a minute, and handles by so many, once the server is warm. A rise counts when it is certain: two standard errors above. */
export const limits = { rssMbPerMinute: 1, handlesPerMinute: 1 } as const
/** Caches fill and code is compiled meanwhile; a part of the run, but never more than so many minutes. */
const warmUpPart = 0.3
const warmUpMinutes = 5
/** Fewer looks say nothing about a slope. */
const fewestSamples = 10

/** One look that a busy machine lost is no verdict; more of them leave the slopes without ground. */
const missedLooksPart = 0.05

/** 5xx that a vendor's fault causes, as the person is told: not a fault of ours. */
const causes: Readonly<Record<string, string>> = {
  'vendor.unavailable': 'a vendor did not answer properly (injected fault, open circuit or held-back call)',
  'phone.quotaExhausted': 'the quota of phone numbers of the vendor',
}

/** Why an error is no fault of the product, or null. */
export const causeOf = ({ code }: Pick<ServerError, 'code'>): string | null => causes[code] ?? null

/** A slope by least squares, and how sure it is: sockets come and go, the collector runs when it likes. */
export interface Slope {
  readonly perMinute: number
  readonly standardError: number
}

function slopeOf(points: readonly [number, number][]): Slope {
  const line = linearRegression([...points])
  const at = linearRegressionLine(line)
  const middle = mean(points.map(([x]) => x))
  const residuals = sum(points.map(([x, y]) => (y - at(x)) ** 2))
  const spread = sum(points.map(([x]) => (x - middle) ** 2))
  return { perMinute: line.m, standardError: Math.sqrt(residuals / (points.length - 2) / spread) }
}

/** The least of every so many minutes: sockets of a burst come and go, and a cache fills; what is never given back lifts the floor. */
function floorsOf(points: readonly [number, number][], minutes: number): [number, number][] {
  const floors = new Map<number, number>()
  for (const [minute, value] of points) floors.set(Math.floor(minute / minutes), Math.min(value, floors.get(Math.floor(minute / minutes)) ?? Infinity))
  return [...floors].map(([index, value]) => [index * minutes, value])
}

/** Over the part after the warm-up, of handles their floor; null when there is too little of it. */
export function slopesOf(samples: readonly Sample[]): Readonly<Record<'rssMb' | 'heapMb' | 'handles', Slope>> | null {
  const last = samples.at(-1)?.minute ?? 0
  const warm = samples.filter(({ minute }) => minute >= Math.min(warmUpMinutes, last * warmUpPart))
  if (warm.length < fewestSamples) return null
  const pointsOf = (value: (sample: Sample) => number) => warm.map((sample): [number, number] => [sample.minute, value(sample)])
  return { rssMb: slopeOf(pointsOf(({ rssMb }) => rssMb)), heapMb: slopeOf(pointsOf(({ heapMb }) => heapMb)), handles: slopeOf(floorsOf(pointsOf(({ handles }) => handles), 1)) }
}

/** The floor of memory in MiB, five minutes by five minutes. */
export const rssFloorsOf = (samples: readonly Sample[]): number[] => floorsOf(samples.map(({ minute, rssMb }) => [minute, rssMb]), 5).map(([, least]) => least)

const certainly = ({ perMinute, standardError }: Slope): number => perMinute - 2 * standardError

/** What speaks against the run; none: it passed. */
export function complaintsOf(samples: readonly Sample[], errors: readonly ServerError[], missedLooks = 0): string[] {
  const slopes = slopesOf(samples)
  const unexplained = errors.filter((error) => causeOf(error) === null)
  return [
    ...(missedLooks > missedLooksPart * (samples.length + missedLooks) ? [`${missedLooks} of ${samples.length + missedLooks} looks at the server failed`] : []),
    ...unexplained.map(({ route, status, code, count }) => `${count} x ${status} ${code || '(no answer of ours)'} at ${route} without a cause`),
    ...(slopes !== null && certainly(slopes.rssMb) > limits.rssMbPerMinute ? [`memory rises by ${slopes.rssMb.perMinute.toFixed(2)} MiB a minute`] : []),
    ...(slopes !== null && certainly(slopes.handles) > limits.handlesPerMinute ? [`handles rise by ${slopes.handles.perMinute.toFixed(2)} a minute`] : []),
  ]
}
