/**
 * Green results of gates, kept while nothing they read changes: the files of the checkout, the installed packages, Node, the
 * environment. A result counts for a day, because tests read the date. Where git cannot say which files there are, nothing is known.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles } from './hashFiles.mjs'

/** @typedef {import('./stages.mjs').Gate} Gate */
/** @typedef {{ passed: number, at: number }} Green `at`: when it ended, in ms */
/**
 * `begin` forgets what was; what it returns is to be called when the gate was green.
 * @typedef {{ green: Green | null, begin: () => (passed: number) => void }} Watch
 */
/** @typedef {{ watch: (gate: Gate) => Watch }} Records */

const DAY_MS = 86_400_000
/** What pnpm installed; the lockfile only says what it shall install. */
const INSTALLED = 'node_modules/.pnpm/lock.yaml'
/** Read by Node and by what it starts, whether our files name them or not. */
const READ_BY_NODE = /^(TZ|LANG|LC_\w+|NODE_(?!_)\w+)$/
/** Differ between two terminals or between npm and node, and steer no test. */
const OF_THE_TERMINAL = /^(npm_\w+|PATH|HOME|PWD|OLDPWD|INIT_CWD|SHLVL|SHELL|USER|HOSTNAME|TERM|COLOR|EDITOR|NODE|_)$/
const NAMES_VARIABLES = /\.([cm]?[jt]s|vue|ya?ml)$|^\.env/

/**
 * @param {{ root: string, folder: string, env?: NodeJS.ProcessEnv, now?: () => number }} options `folder`: where the results are kept
 * @returns {Records}
 */
export function openRecords({ root, folder, env = process.env, now = Date.now }) {
  const surroundings = JSON.stringify([process.version, process.platform, process.arch, variablesThatCount(root, env)])
  return {
    watch(gate) {
      const before = inputsOf(gate, root, surroundings)
      const file = join(folder, `${gate.name}.json`)
      return {
        green: before === null ? null : readGreen(file, before, now()),
        begin() {
          // Whoever fails or is interrupted now was green once, which is worth nothing.
          rmSync(file, { force: true })
          return (passed) => {
            // Somebody may have edited meanwhile: then nobody knows which of the two states was green.
            if (before === null || inputsOf(gate, root, surroundings) !== before) return
            mkdirSync(folder, { recursive: true })
            writeFileSync(file, JSON.stringify({ inputs: before, passed, at: now() }))
          }
        },
      }
    },
  }
}

/**
 * @param {Gate} gate
 * @param {string} root
 * @param {string} surroundings
 * @returns {string | null} null when nobody can know
 */
function inputsOf({ name, reads, products = [] }, root, surroundings) {
  const listed = reads && filesOfGit(root)
  if (!listed) return null
  const files = listed.filter((file) => isForAll(file) || reads.some((folder) => folder === '.' || file.startsWith(`${folder}/`)))
  const built = products.flatMap((folder) => filesBelow(root, folder))
  return createHash('sha256').update(`${name}\0${surroundings}\0`).update(hashFiles(root, [...files, ...built, INSTALLED])).digest('hex')
}

/** The tools run every gate; the files at the root and the manifests set them up. @param {string} file */
function isForAll(file) {
  return file.startsWith('tools/') || (!file.includes('/') && !/\.md$|^LICENSE$/.test(file)) || /^[^/]+\/(package\.json|vitest\.config\.mts)$/.test(file)
}

/**
 * @param {string} root
 * @returns {string[] | null} whatever is not ignored, committed or not; null when the root is no checkout of its own
 */
function filesOfGit(root) {
  if (!existsSync(join(root, '.git'))) return null
  const { status, stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  return status === 0 ? [...new Set(stdout.split('\0'))].filter(Boolean).sort() : null
}

/**
 * @param {string} root
 * @param {string} folder a product, which git ignores
 */
function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return []
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort()
}

/**
 * Every variable that some file names, so that no list of them has to be kept.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
function variablesThatCount(root, env) {
  const names = Object.keys(env).filter((name) => /^\w+$/.test(name) && !OF_THE_TERMINAL.test(name)).sort()
  const counting = new Set(names.filter((name) => READ_BY_NODE.test(name)))
  const anyName = new RegExp(`\\b(?:${names.join('|')})\\b`, 'g')
  for (const file of filesOfGit(root) ?? []) {
    if (!NAMES_VARIABLES.test(file) || !existsSync(join(root, file))) continue
    for (const [name] of readFileSync(join(root, file), 'utf8').matchAll(anyName)) counting.add(name)
  }
  return names.filter((name) => counting.has(name)).map((name) => [name, env[name]])
}

/**
 * @param {string} file
 * @param {string} inputs
 * @param {number} now
 * @returns {Green | null}
 */
function readGreen(file, inputs, now) {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8'))
    return record.inputs === inputs && record.at <= now && now - record.at < DAY_MS ? record : null
  } catch {
    return null
  }
}
