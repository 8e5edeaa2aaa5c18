/**
 * `npm run doctor`: checks every setting against the platform and says what to change where. With DATABASE_URL set it looks at
 * that deployment, otherwise at the one `npm start` is running.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { developmentEnv } from './developmentEnv.mjs'
import { DATA_DIR, ROOT } from './workspace.mjs'

const record = join(DATA_DIR, 'running.json')
const script = join(ROOT, 'server/dist/doctor.js')
if (!existsSync(script)) {
  console.error('The server is not built yet: run "npm start" or "npm run build" first')
  process.exit(1)
}
if (!process.env.DATABASE_URL && !existsSync(record)) {
  console.error('Nothing to look at: start the product with "npm start", or set DATABASE_URL and the other settings of the deployment')
  process.exit(1)
}
const { status } = spawnSync(process.execPath, [script], { cwd: join(ROOT, 'server'), stdio: 'inherit', env: process.env.DATABASE_URL ? process.env : runningEnv() })
process.exitCode = status ?? 1

function runningEnv() {
  /** @type {{ port: number, databaseUrl: string }} */
  const { port, databaseUrl } = JSON.parse(readFileSync(record, 'utf8'))
  return developmentEnv({ dataDir: DATA_DIR, port, serverPort: port + 1, mailPort: port + 2, databaseUrl })
}
