/** Runs gates, two at a time, tells each result as it comes, and counts. */

/** @typedef {import('./stages.mjs').Gate} Gate */
/** @typedef {import('./unchanged.mjs').Records} Records */
/** @typedef {{ passed: number, failed: number, unchanged: number }} Totals `unchanged`: those of the passed that were not run again */

const AT_ONCE = 2

/**
 * Runs them all, whatever fails.
 * @param {readonly Gate[]} gates
 * @param {Records} records keep what is green
 * @param {{ isReusing?: boolean }} [options] `isReusing`: a gate that was green on the same inputs is counted, not run
 * @returns {Promise<Totals>}
 */
export async function runGates(gates, records, { isReusing = false } = {}) {
  const totals = { passed: 0, failed: 0, unchanged: 0 }
  /** @type {Map<string, Promise<void>>} by name, of those that began */
  const begun = new Map()
  /** @param {Gate} gate */
  const runOne = async (gate) => {
    for (const earlier of gate.after ?? []) await begun.get(earlier)
    const { green, begin } = records.watch(gate)
    if (isReusing && green !== null) {
      totals.passed += green.passed
      totals.unchanged += green.passed
      console.log(`✓ ${gate.title} — ${green.passed} passed, unchanged since ${dayAndTime(green.at)}`)
      return
    }
    const keep = begin()
    const started = Date.now()
    const { passed, failed, problems } = await gate.run()
    if (failed === 0) keep(passed)
    totals.passed += passed
    totals.failed += failed
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    console.log(`${failed === 0 ? '✓' : '✗'} ${gate.title} — ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} (${seconds} s)`)
    for (const problem of problems) console.log(`\n  ${problem.replaceAll('\n', '\n  ')}\n`)
  }
  const queue = [...gates]
  const worker = async () => {
    for (let gate = queue.shift(); gate; gate = queue.shift()) {
      begun.set(gate.name, runOne(gate))
      await begun.get(gate.name)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return totals
}

/** @param {number} at */
function dayAndTime(at) {
  return new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).replace(',', '')
}
