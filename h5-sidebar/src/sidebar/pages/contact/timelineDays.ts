import type { TimelineEntry } from '@qihui/shared/contact'
import { dayLabel } from './instantLabel.ts'

/** The entries of one day, in the order they came. */
export interface TimelineDay {
  readonly label: string
  readonly entries: TimelineEntry[]
}

/** Puts entries that follow each other on one local day under one heading; the order stays. */
export function timelineDays(entries: readonly TimelineEntry[], now: number): TimelineDay[] {
  const days: TimelineDay[] = []
  for (const entry of entries) {
    const label = dayLabel(entry.at, now)
    const last = days[days.length - 1]
    if (last?.label === label) last.entries.push(entry)
    else days.push({ label, entries: [entry] })
  }
  return days
}
