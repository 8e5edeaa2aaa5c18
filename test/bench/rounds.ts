/** One measured run: how many operations in how long, and what they cost. */
export interface Measure {
  readonly operations: number
  readonly seconds: number
  /** CPU of our Node process per operation, microseconds; null for the ceiling. */
  readonly nodeCpuUs: number | null
  /** CPU of PostgreSQL per operation, microseconds. */
  readonly postgresCpuUs: number | null
  readonly p99Ms?: number
  readonly pingP99Ms?: number
  readonly rssMb?: number
}

/** Something that can be measured again and again from the same start state. */
export interface Contestant {
  readonly name: string
  prepare(): Promise<void>
  run(): Promise<Measure>
}

export interface Result {
  readonly name: string
  readonly ours: number
  readonly ceiling: number
  readonly ratio: number
  readonly unit: string
  readonly runs: number
  readonly note: string
}

/**
 * Measures both in every round, the order changing from round to round, after one round that does not count (JIT, caches).
 * `ours` and `ceiling` are medians; `ratio` is the median of the rounds' ratios, so a machine that slows down hurts both alike.
 */
export async function compare(name: string, ours: Contestant, ceiling: Contestant, rounds: number): Promise<Result> {
  const pairs: { ours: Measure; ceiling: Measure }[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const measures = new Map<Contestant, Measure>()
    for (const contestant of round % 2 === 0 ? [ceiling, ours] : [ours, ceiling]) {
      await contestant.prepare()
      measures.set(contestant, await contestant.run())
    }
    const pair = { ours: measures.get(ours), ceiling: measures.get(ceiling) }
    if (round > 0 && pair.ours && pair.ceiling) pairs.push({ ours: pair.ours, ceiling: pair.ceiling })
  }
  const rate = ({ operations, seconds }: Measure) => operations / seconds
  const ratios = pairs.map((pair) => rate(pair.ours) / rate(pair.ceiling))
  return {
    name,
    ours: Math.round(median(pairs.map((pair) => rate(pair.ours)))),
    ceiling: Math.round(median(pairs.map((pair) => rate(pair.ceiling)))),
    ratio: Number(median(ratios).toFixed(3)),
    unit: 'operations/s',
    runs: pairs.length,
    note: noteOf(ours, ceiling, pairs, ratios),
  }
}

function noteOf(ours: Contestant, ceiling: Contestant, pairs: readonly { ours: Measure; ceiling: Measure }[], ratios: readonly number[]): string {
  const cost = (measures: readonly Measure[], key: 'nodeCpuUs' | 'postgresCpuUs' | 'p99Ms' | 'pingP99Ms' | 'rssMb') => {
    const values = measures.flatMap((measure) => measure[key] ?? [])
    return values.length > 0 ? median(values) : null
  }
  const mine = pairs.map((pair) => pair.ours)
  const theirs = pairs.map((pair) => pair.ceiling)
  const parts = [
    `${ours.name} / ${ceiling.name}`,
    `ratios ${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
    part('node CPU', cost(mine, 'nodeCpuUs'), 'us/op'),
    part('PostgreSQL CPU', cost(mine, 'postgresCpuUs'), 'us/op'),
    part('ceiling PostgreSQL CPU', cost(theirs, 'postgresCpuUs'), 'us/op'),
    part('ceiling node CPU', cost(theirs, 'nodeCpuUs'), 'us/op'),
    part('p99', cost(mine, 'p99Ms'), 'ms'),
    part('ping p99 under load', cost(mine, 'pingP99Ms'), 'ms'),
    part('server memory', cost(mine, 'rssMb'), 'MB'),
  ]
  return parts.filter((text) => text !== null).join('; ')
}

function part(label: string, value: number | null, unit: string): string | null {
  return value === null ? null : `${label} ${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new Error('median of nothing')
  return (low + high) / 2
}
