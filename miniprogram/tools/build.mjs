/**
 * Builds `dist/`, what WeChat runs. Taro writes a progress bar of many thousand lines and ends with 0 on a refused
 * configuration, so its output goes to a file and success means that `dist/app.json` is there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const logDirectory = join(root, 'node_modules', '.cache')
const logPath = join(logDirectory, 'build.log')
const taro = createRequire(import.meta.url).resolve('@tarojs/cli/bin/taro')

mkdirSync(logDirectory, { recursive: true })
rmSync(join(root, 'dist'), { recursive: true, force: true })
const log = openSync(logPath, 'w')
const { status } = spawnSync(process.execPath, [taro, 'build', '--type', 'weapp'], {
  cwd: root,
  env: { ...process.env, NODE_ENV: 'production' },
  stdio: ['ignore', log, log],
})

const isBuilt = existsSync(join(root, 'dist', 'app.json'))
if (status !== 0 || !isBuilt) {
  const lines = readFileSync(logPath, 'utf8').split('\n').slice(-40)
  console.error(lines.join('\n'))
  console.error(`mini-program build failed (${isBuilt ? `taro ended with ${status}` : 'no dist/app.json'}); whole log: ${logPath}`)
  process.exit(1)
}
console.log('mini-program built: miniprogram/dist')
