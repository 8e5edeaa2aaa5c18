/** Runs gates, two light ones at a time, tells each result as it comes, and counts. */

/** @typedef {import('./stages.mjs').Gate} Gate */
/** @typedef {{ passed: number, failed: number }} Totals */

const AT_ONCE = 2

/**
 * Runs them all, whatever fails.
 * @param {readonly Gate[]} gates
 * @returns {Promise<Totals>}
 */
export async function runGates(gates) {
  const totals = { passed: 0, failed: 0 }
  /** @type {Map<string, Promise<void>>} by name, of those that began */
  const begun = new Map()
  /** @param {Gate} gate */
  const runOne = async (gate) => {
    if (gate.after !== undefined) await begun.get(gate.after)
    const started = Date.now()
    const { passed, failed, problems } = await gate.run()
    totals.passed += passed
    totals.failed += failed
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    console.log(`${failed === 0 ? '✓' : '✗'} ${gate.title} — ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} (${seconds} s)`)
    for (const problem of problems) console.log(`\n  ${problem.replaceAll('\n', '\n  ')}\n`)
  }
  // The tests read the builds, which are the first of the light gates; a gate on its own waits for all.
  for (const batch of inBatches(gates)) {
    const queue = [...batch]
    const worker = async () => {
      for (let gate = queue.shift(); gate; gate = queue.shift()) {
        begun.set(gate.name, runOne(gate))
        await begun.get(gate.name)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }
  return totals
}

/**
 * Neighbouring light gates form one batch; builds come before what reads them.
 * @param {readonly Gate[]} gates
 * @returns {Gate[][]}
 */
function inBatches(gates) {
  /** @type {Gate[][]} */
  const batches = []
  for (const gate of gates) {
    const last = batches.at(-1)
    const joins = last !== undefined && !gate.isAlone && !last.some(({ isAlone }) => isAlone)
    if (joins) last.push(gate)
    else batches.push([gate])
  }
  return batches
}
