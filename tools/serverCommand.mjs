/**
 * `npm run keys -- …`, `npm run audit:verify`: runs a command of the built server. With DATABASE_URL set on that deployment, otherwise on the one
 * `npm start` is running.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { developmentEnv } from './developmentEnv.mjs'
import { DATA_DIR, ROOT } from './workspace.mjs'

const COMMANDS = ['keys', 'auditVerify']
const [name = '', ...args] = process.argv.slice(2)
const record = join(DATA_DIR, 'running.json')
const script = join(ROOT, `server/dist/${name}.js`)

/** @param {string} line */
function refuse(line) {
  console.error(line)
  process.exit(1)
}
if (!COMMANDS.includes(name)) refuse(`There is no command called "${name}": use ${COMMANDS.join(' or ')}`)
if (!existsSync(script)) refuse('The server is not built yet: run "npm start" or "npm run build" first')
if (!process.env.DATABASE_URL && !existsSync(record)) refuse('Nothing to work on: start the product with "npm start", or set DATABASE_URL and the other settings of the deployment')

const { status } = spawnSync(process.execPath, [script, ...args], { cwd: join(ROOT, 'server'), stdio: 'inherit', env: process.env.DATABASE_URL ? process.env : runningEnv() })
process.exitCode = status ?? 1

function runningEnv() {
  /** @type {{ port: number, databaseUrl: string }} */
  const { port, databaseUrl } = JSON.parse(readFileSync(record, 'utf8'))
  return developmentEnv({ dataDir: DATA_DIR, port, serverPort: port + 1, mailPort: port + 2, databaseUrl })
}
