/** `npm run compliance:report -- [folder]`: the report of the quarter, of the deployment of DATABASE_URL or of what `npm start` is running. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { developmentEnv } from './developmentEnv.mjs'
import { DATA_DIR, ROOT } from './workspace.mjs'

const record = join(DATA_DIR, 'running.json')
const script = join(ROOT, 'server/dist/complianceReport.js')
const isDeployed = Boolean(process.env.DATABASE_URL)
if (!existsSync(script) || (!isDeployed && !existsSync(record))) {
  console.error('Nothing to report on: start the product with "npm start", or set DATABASE_URL and the other settings of the deployment')
  process.exit(1)
}
const { port, databaseUrl } = isDeployed ? { port: 0, databaseUrl: '' } : JSON.parse(readFileSync(record, 'utf8'))
const env = isDeployed ? process.env : developmentEnv({ dataDir: DATA_DIR, port, serverPort: port + 1, mailPort: port + 2, databaseUrl })
const folder = resolve(process.argv[2] ?? '.')
process.exitCode = spawnSync(process.execPath, [script, folder], { cwd: join(ROOT, 'server'), stdio: 'inherit', env }).status ?? 1
