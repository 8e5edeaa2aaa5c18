/**
 * `npm run faults -- --minutes N`: kills, cuts and restarts the built product, one seed after the other, until the time is over. Each round prints
 * its seed; `FAULT_SEED=<seed> npm run faults -- --minutes 1` begins with that one. Sizes: FAULT_EVENTS, FAULT_KILLS, FAULT_BUSY, FAULT_LOST.
 * Ends with 1 at the first violation.
 */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './workspace.mjs'

/** The plans that leave their moments to chance. */
const PLANS = ['eventsUnderKills', 'effectsUnderKills']
const SEEDS = 2 ** 31

/** @param {readonly string[]} args */
function minutesOf(args) {
  const at = args.indexOf('--minutes')
  const minutes = Number(at === -1 ? '10' : args[at + 1])
  if (Number.isFinite(minutes) && minutes > 0) return minutes
  console.error('--minutes takes a number above 0, e.g. npm run faults -- --minutes 30')
  process.exit(1)
}

/**
 * @param {string} plan
 * @param {number} seed
 * @returns {Promise<boolean>} whether nothing was violated
 */
function run(plan, seed) {
  const args = ['run', '--project', 'faults', `test/faults/${plan}.test.ts`, '--reporter=dot']
  const child = spawn(join(ROOT, 'node_modules/.bin/vitest'), args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FAULT_SEED: String(seed) } })
  return new Promise((done) => {
    child.once('error', () => done(false))
    child.once('exit', (code) => done(code === 0))
  })
}

async function main() {
  const minutes = minutesOf(process.argv.slice(2))
  if (!existsSync(join(ROOT, 'server/dist/main.js'))) {
    console.error('The server is not built yet: run "npm run build" first')
    process.exit(1)
  }
  const deadline = Date.now() + minutes * 60_000
  let seed = Number(process.env.FAULT_SEED ?? randomInt(SEEDS))
  /** @type {number[]} */
  const seeds = []
  do {
    console.log(`▸ round ${seeds.length + 1}, seed ${seed}`)
    seeds.push(seed)
    for (const plan of PLANS) {
      if (await run(plan, seed)) continue
      console.log(`${plan} was violated; again with: FAULT_SEED=${seed} npm run faults -- --minutes 1`)
      process.exit(1)
    }
    seed = randomInt(SEEDS)
  } while (Date.now() < deadline)
  console.log(`${seeds.length} rounds without a violation; seeds ${seeds.join(', ')}`)
}

await main()
