/**
 * `npm test`: everything from a fresh checkout to one line `N passed, N failed`. What was green here on the very same inputs is
 * counted, not run again, unless `npm test -- --all` asks for it.
 */
import { join } from 'node:path'
import { runGates } from './runGates.mjs'
import { GATES } from './stages.mjs'
import { ensureBrowser } from './testBrowser.mjs'
import { openRecords } from './unchanged.mjs'
import { checkNode, DATA_DIR, installIfStale, ROOT } from './workspace.mjs'

/** @param {string} line */
const say = (line) => console.log(`▸ ${line}`)

async function main() {
  const started = Date.now()
  checkNode()
  // Two downloads from different places; what fails is told when both have ended, so that it is the last line.
  const downloads = /** @type {const} */ ([ensureBrowser(say), installIfStale(say)])
  await Promise.allSettled(downloads)
  const [browser] = await Promise.all(downloads)
  process.env.CHROMIUM_PATH = browser
  const records = openRecords({ root: ROOT, folder: join(DATA_DIR, 'cache/green') })
  const { passed, failed, unchanged } = await runGates(GATES, records, { isReusing: !process.argv.includes('--all') })
  if (unchanged > 0) say(`${unchanged} of the passed were not run again, as nothing they read has changed: "npm test -- --all" runs everything`)
  say(`Took ${Math.round((Date.now() - started) / 1000)} s`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
})
