import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = ['src', 'config', 'plugins', 'package.json', '../shared/src']

function newestOf(path: string): number {
  const info = statSync(path)
  if (info.isDirectory()) return Math.max(0, ...readdirSync(path).map((name) => newestOf(join(path, name))))
  return path.endsWith('.test.ts') ? 0 : info.mtimeMs
}

/** The flow is tested on what ships, so a build older than its sources is made anew before the tests. */
export default function buildWhenStale(): void {
  const built = join(root, 'dist', 'app.json')
  const newest = Math.max(...sources.map((path) => newestOf(join(root, path))))
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return
  execFileSync(process.execPath, [join(root, 'tools', 'build.mjs')], { stdio: 'inherit' })
}
