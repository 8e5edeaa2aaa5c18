import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetrics } from './createMetrics.ts'

const folder = new URL('../../../docs/monitoring/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

interface Alert {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string }
}
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly w: number }
  readonly targets?: readonly { readonly expr: string }[]
}

const { groups } = parse(read('alerts.yml')) as { groups: { name: string; rules: Alert[] }[] }
const alerts = groups.flatMap(({ rules }) => rules)
const { panels } = JSON.parse(read('grafana-dashboard.json')) as { panels: Panel[] }
const charts = panels.filter(({ type }) => type !== 'row')

/** Series of the registry by name; a histogram has three. */
async function seriesNames(): Promise<Map<string, readonly string[]>> {
  const metrics = await createMetrics().registry.getMetricsAsJSON()
  const labels = new Map(createMetrics().registry.getMetricsAsArray().map((metric) => [metric.name, (metric as unknown as { labelNames?: string[] }).labelNames ?? []]))
  return new Map(
    metrics.flatMap(({ name, type }) => {
      const known = labels.get(name) ?? []
      return String(type) === 'histogram' ? ([['_bucket', 'le'], ['_sum'], ['_count']] as const).map(([suffix, ...more]) => [name + suffix, [...known, ...more]] as const) : [[name, known] as const]
    }),
  )
}

const namesIn = (expr: string): string[] => expr.replace(/"[^"]*"/g, '""').match(/\b(?:qihui|process|nodejs)_\w+/g) ?? []
/** Labels a series is narrowed by, `name{label="…"}`. */
const matchersIn = (expr: string): [string, string][] => [...expr.matchAll(/\b(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inner = '']) => [...inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']): [string, string] => [name, label]))
/** Labels a result is grouped by. */
const groupsIn = (expr: string): string[] => [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inner = '']) => inner.split(',').map((label) => label.trim()))

describe.each([
  ['alarm', alerts.map(({ alert, expr }) => [alert, expr] as const)],
  ['panel', charts.flatMap(({ title, targets }) => (targets ?? []).map(({ expr }) => [title, expr] as const))],
])('every %s', (_kind, expressions) => {
  it.each(expressions)('%s asks for series that exist, by labels they have', async (_name, expr) => {
    const series = await seriesNames()
    const names = namesIn(expr)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !series.has(name))).toEqual([])
    expect(matchersIn(expr).filter(([name, label]) => !series.get(name)?.includes(label))).toEqual([])
    const known = new Set([...names.flatMap((name) => series.get(name) ?? []), 'instance'])
    expect(groupsIn(expr).filter((label) => !known.has(label))).toEqual([])
    for (const [open, close] of [['(', ')'], ['{', '}'], ['[', ']']] as const) expect(expr.split(open).length).toBe(expr.split(close).length)
  })
})

describe('the alarms', () => {
  it('have names of their own, a severity and words for a person', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
    for (const { labels, annotations, for: wait } of alerts) {
      expect(['page', 'ticket']).toContain(labels.severity)
      expect(annotations.summary.length).toBeGreaterThan(10)
      expect(wait).toMatch(/^\d+[smh]$/)
    }
  })
})

describe('the dashboard', () => {
  it('has panels of their own numbers that fit its 24 columns', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
  })

  it('shows every figure of ours', async () => {
    const shown = new Set([...charts.flatMap(({ targets }) => (targets ?? []).flatMap(({ expr }) => namesIn(expr))), ...alerts.flatMap(({ expr }) => namesIn(expr))])
    const bases = new Set([...shown].map((name) => name.replace(/_(bucket|sum|count)$/, '')))
    const ours = createMetrics().registry.getMetricsAsArray().map(({ name }) => name).filter((name) => name.startsWith('qihui_'))
    expect(ours.filter((name) => !bases.has(name))).toEqual([])
  })
})
