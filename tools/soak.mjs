/** `npm run soak -- [--minutes 20] [--rps 50] [--seed N]`: the built product under traffic and faults for a while, see test/load/soak.ts. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './workspace.mjs'

if (existsSync(join(ROOT, 'server/dist/main.js'))) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'test/load/soak.ts'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
  child.once('exit', (code) => (process.exitCode = code ?? 1))
} else {
  console.error('The server is not built yet: run "npm run build" first')
  process.exitCode = 1
}
