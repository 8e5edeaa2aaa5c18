/**
 * Builds the packages whose sources changed since their last build. As a program: `node tools/build.mjs [--force] [server|sandbox|h5-sidebar|miniprogram …]`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './command.mjs'
import { hashFiles } from './hashFiles.mjs'
import { DATA_DIR, pnpm, ROOT } from './workspace.mjs'

/**
 * What each build reads, makes and runs. A product's absence means there was no build; `bundler` is one of our own, else the
 * package's own `build` script runs.
 * @type {Record<'server' | 'h5-sidebar' | 'miniprogram' | 'sandbox', { folder: string, product: string, bundler?: string }>}
 */
const BUILDS = {
  server: { folder: 'server', product: 'server/dist/main.js', bundler: 'tools/bundleServer.mjs' },
  sandbox: { folder: 'test/sandbox', product: 'test/node_modules/.cache/sandbox/main.js', bundler: 'tools/bundleSandbox.mjs' },
  'h5-sidebar': { folder: 'h5-sidebar', product: 'h5-sidebar/dist/sidebar.html' },
  miniprogram: { folder: 'miniprogram', product: 'miniprogram/dist/app.json' },
}

/** @typedef {keyof typeof BUILDS} BuildName */

export const BUILD_NAMES = /** @type {BuildName[]} */ (Object.keys(BUILDS))

/** Where the product of a build is, relative to the root. @param {BuildName} name */
export const productFolder = (name) => dirname(BUILDS[name].product)

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'test', '.swc', '.cache', 'coverage'])
const SHARED_INPUTS = ['shared', 'pnpm-lock.yaml', 'tsconfig.base.json']

/**
 * Builds one package when its sources, the shared ones or the lockfile changed.
 * @param {BuildName} name
 * @param {{ isForced?: boolean, say?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} whether it was built
 */
export async function buildIfStale(name, { isForced = false, say = () => {} } = {}) {
  const stamp = join(ROOT, 'node_modules', `.qihui-build-${name}`)
  const { folder, product, bundler } = BUILDS[name]
  const inputs = [folder, ...SHARED_INPUTS, ...(bundler ? ['tools/bundle.mjs', bundler] : [])]
  const sources = hashFiles(ROOT, inputs.flatMap(filesOf))
  const isFresh = existsSync(join(ROOT, product)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
  if (isFresh && !isForced) return false
  say(`Building ${name} / 正在构建 ${name}`)
  rmSync(stamp, { force: true })
  const [program, ...before] = pnpm()
  const [command, args] = bundler ? [process.execPath, [join(ROOT, bundler)]] : [program, [...before, 'run', 'build']]
  await runCommand(command, args, { cwd: join(ROOT, folder), logFile: join(DATA_DIR, 'logs', `build-${name}.log`), failure: `${name} could not be built` })
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, sources)
  return true
}

/**
 * @param {string} path
 * @returns {string[]} sorted; tests and documents do not count
 */
function filesOf(path) {
  if (!existsSync(join(ROOT, path))) return []
  const entries = /\.\w+$/.test(path) ? null : readdirSync(join(ROOT, path), { withFileTypes: true })
  if (!entries) return [path]
  return entries
    .filter((entry) => (entry.isDirectory() ? !SKIPPED_FOLDERS.has(entry.name) : !/\.test\.ts$|\.md$|\.tsbuildinfo$/.test(entry.name)))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort()
}

async function main() {
  const args = process.argv.slice(2)
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.find((name) => !(name in BUILDS))
  if (unknown) throw new Error(`There is no build called ${unknown}: use ${BUILD_NAMES.join(', ')}`)
  const isForced = args.includes('--force')
  for (const name of names.length > 0 ? /** @type {BuildName[]} */ (names) : BUILD_NAMES) {
    const started = Date.now()
    const wasBuilt = await buildIfStale(name, { isForced })
    console.log(`${name}: ${wasBuilt ? `built in ${((Date.now() - started) / 1000).toFixed(1)} s` : 'up to date'}`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
