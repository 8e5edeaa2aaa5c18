/** Where things are, and the checks every entry point makes first. Only Node's own modules: nothing is installed yet. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './command.mjs'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Databases, logs and development keys of this checkout; deleting it starts from nothing. */
export const DATA_DIR = resolve(ROOT, process.env.QIHUI_DATA_DIR ?? '.data')

const MINIMUM_NODE = [20, 19]
const STAMP = join(ROOT, 'node_modules', '.qihui-install')

/** A message for the person at the terminal: what is wrong and what to do, without a stack trace. */
export class UserError extends Error {}

/** @throws {UserError} when this Node is too old */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = MINIMUM_NODE
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return
  throw new UserError(`Node ${process.versions.node} is too old: install Node ${MINIMUM_NODE.join('.')} or newer and run this again`)
}

/**
 * The pinned pnpm: the one on PATH when it is that version, else fetched by npx.
 * @returns {[string, ...string[]]} program and leading arguments
 */
export function pnpm() {
  const version = pinnedPnpm()
  const onPath = spawnSync('pnpm', ['--version'], { encoding: 'utf8', cwd: ROOT, shell: process.platform === 'win32' })
  return onPath.status === 0 && onPath.stdout.trim() === version ? ['pnpm'] : ['npx', '--yes', `pnpm@${version}`]
}

function pinnedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return String(packageManager).replace('pnpm@', '')
}

/**
 * Installs exactly what the lockfile says, only when it changed since the last time.
 * @param {(line: string) => void} say
 * @throws {UserError} with the end of pnpm's output
 */
export async function installIfStale(say) {
  const wanted = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) wanted.update(readFileSync(join(ROOT, file)))
  const stamp = `${wanted.digest('hex')} ${process.platform}-${process.arch}`
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return
  say('Installing the dependencies (a few minutes the first time) / 正在安装依赖（首次约几分钟）')
  const [program, ...before] = pnpm()
  // Without CI pnpm asks before it replaces a node_modules of another layout; NODE_ENV=production would leave the builders out.
  await runCommand(program, [...before, 'install', '--frozen-lockfile', '--prod=false'], {
    cwd: ROOT,
    env: { ...process.env, CI: 'true', NODE_ENV: 'development' },
    logFile: join(DATA_DIR, 'logs', 'install.log'),
    failure: 'The dependencies could not be installed (is the npm registry reachable?)',
  })
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, stamp)
}
