/** Runs some gates: `node tools/check.mjs lint types`, by name or by group; without a name all of them. Whoever asks for a gate sees it run. */
import { join } from 'node:path'
import { runGates } from './runGates.mjs'
import { GATES } from './stages.mjs'
import { findBrowser } from './testBrowser.mjs'
import { openRecords } from './unchanged.mjs'
import { DATA_DIR, ROOT } from './workspace.mjs'

const wanted = process.argv.slice(2)
const known = new Set(GATES.flatMap(({ name, group }) => [name, group]))
const unknown = wanted.filter((name) => !known.has(name))
if (unknown.length > 0) {
  console.error(`There is no gate called ${unknown.join(', ')}: use ${[...known].join(', ')}`)
  process.exit(1)
}
const gates = GATES.filter(({ name, group }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(group))
// As `npm test` sets it, or what is green here would be run there once more.
const browser = findBrowser()
if (browser !== null) process.env.CHROMIUM_PATH = browser
const { passed, failed } = await runGates(gates, openRecords({ root: ROOT, folder: join(DATA_DIR, 'cache/green') }))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
