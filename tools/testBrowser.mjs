/** The Chromium with Chinese fonts that the end-to-end tests drive. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.mjs'
import { DATA_DIR, ROOT, UserError } from './workspace.mjs'

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
const PACKAGES = ['chromium', 'fonts-noto-cjk']

/**
 * A browser that starts: CHROMIUM_PATH, else one of the usual places.
 * @returns {string | null}
 */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  const candidates = named ? [named] : CANDIDATES
  // Ubuntu's /usr/bin/chromium-browser is a stub that asks for snap: being there is not enough.
  return candidates.find((path) => existsSync(path) && (process.platform === 'win32' || spawnSync(path, ['--version']).status === 0)) ?? null
}

/**
 * The browser's path; on Debian and Ubuntu it and the fonts are installed when missing.
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws {UserError} one line that says what to install
 */
export async function ensureBrowser(say) {
  if (findBrowser() === null || !hasChineseFont()) {
    if (!isDebianRoot()) throw new UserError(whatToInstall())
    say(`Installing ${PACKAGES.join(' and ')} for the browser tests`)
    const options = { cwd: ROOT, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, logFile: join(DATA_DIR, 'logs', 'apt.log'), failure: whatToInstall() }
    await runCommand('apt-get', ['update'], options)
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], options)
  }
  const browser = findBrowser()
  if (browser === null) throw new UserError(whatToInstall())
  return browser
}

function hasChineseFont() {
  if (process.platform !== 'linux') return true
  const { status, stdout } = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' })
  return status === 0 && stdout.trim() !== ''
}

function isDebianRoot() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return process.getuid?.() === 0 && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release)
}

function whatToInstall() {
  return 'The browser tests need Chromium or Chrome and a Chinese font: install both (Debian: sudo apt-get install chromium fonts-noto-cjk) or name the browser in CHROMIUM_PATH'
}
