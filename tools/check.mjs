/** Runs some gates: `node tools/check.mjs lint types`, by name or by group; without a name all of them. */
import { runGates } from './runGates.mjs'
import { GATES } from './stages.mjs'
import { findBrowser } from './testBrowser.mjs'

const wanted = process.argv.slice(2)
const known = new Set(GATES.flatMap(({ name, group }) => [name, group]))
const unknown = wanted.filter((name) => !known.has(name))
if (unknown.length > 0) {
  console.error(`There is no gate called ${unknown.join(', ')}: use ${[...known].join(', ')}`)
  process.exit(1)
}
const gates = GATES.filter(({ name, group }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(group))
if (gates.some(({ group }) => group === 'e2e')) process.env.CHROMIUM_PATH ??= findBrowser() ?? ''
const { passed, failed } = await runGates(gates)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
