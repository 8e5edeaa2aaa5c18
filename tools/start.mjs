/**
 * `npm start`: everything from a fresh checkout to a running product, without a question. PORT is the one address (3000),
 * QIHUI_DATA_DIR the folder of database, logs and development keys (.data); DATABASE_URL replaces the embedded database.
 */
import { BUILD_NAMES, buildIfStale } from './build.mjs'
import { stopCommands } from './command.mjs'
import { wantedPort } from './ports.mjs'
import { makeRoom, startProduct } from './product.mjs'
import { checkNode, DATA_DIR, installIfStale } from './workspace.mjs'

const PARENT_POLL_MS = 500

/** @param {string} line */
const say = (line) => console.log(`▸ ${line}`)

/** @type {Promise<import('./product.mjs').Product> | null} */
let starting = null
let isStopping = false
/** @type {(line: string) => void} */
let cancel = () => {}
/** @type {Promise<string>} */
const cancelled = new Promise((done) => (cancel = done))

/** @param {number} exitCode */
async function stopAll(exitCode) {
  // A terminal's Ctrl-C reaches us twice under npm: once from the terminal, once forwarded.
  if (isStopping) return
  isStopping = true
  say('Stopping / 正在停止')
  cancel('The start was cancelled')
  stopCommands()
  // A start that fails has already stopped its parts.
  const product = await starting?.catch(() => null)
  await product?.stop()
  process.exit(exitCode)
}

/** A `kill` of npm ends npm and its shell and tells us nothing: notice that they are gone. */
function followNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void stopAll(0)
  }, PARENT_POLL_MS).unref()
}

async function main() {
  checkNode()
  const port = wantedPort()
  await makeRoom({ port, dataDir: DATA_DIR })
  await installIfStale(say)
  for (const name of BUILD_NAMES) await buildIfStale(name, { say })
  say('Starting / 正在启动')
  if (isStopping) return
  starting = startProduct({ port, dataDir: DATA_DIR, cancelled })
  const product = await starting
  if (isStopping) return
  console.log(`
企会 Qihui  →  ${product.url}/stage/

  1. 点「扫码」，用小安的手机扫渠道码，一键入会。  Scan the channel code with the phone on the left and join.
  2. 点「添加员工」，让小安加李静为好友。          Let the customer add the rep 李静.
  3. 看右侧边栏：会员等级、标签、资料都到了。      Look at the sidebar on the right: tier, tags and profile.

按 Ctrl-C 停止；日志在 ${DATA_DIR}/logs。  Ctrl-C stops everything.`)
  const line = await product.failed
  if (isStopping) return
  console.error(line)
  await stopAll(1)
}

process.on('SIGINT', () => void stopAll(0))
process.on('SIGTERM', () => void stopAll(0))
followNpm()
main().catch((error) => {
  if (isStopping) return
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
