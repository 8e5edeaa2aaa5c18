import type { Metrics } from '../metrics/createMetrics.ts'
import type { CountGatherer } from './gatherCounts.ts'

/** Told of every vendor call: how it ended here, and, for WeCom, that it was made. */
export type CallMeter = Pick<Metrics, 'vendorCalled' | 'vendorRefused'>

/** The meter of this process; calls that really left count against WeCom's quota. */
export function createCallMeter(metrics: CallMeter, windows: Pick<CountGatherer, 'note'>): CallMeter {
  return {
    vendorCalled(vendor, path, outcome, seconds) {
      metrics.vendorCalled(vendor, path, outcome, seconds)
      if (vendor === 'wecom' && outcome !== 'heldBack') windows.note(path)
    },
    vendorRefused: metrics.vendorRefused,
  }
}
