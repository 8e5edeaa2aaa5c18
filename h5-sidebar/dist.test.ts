// @vitest-environment node
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'acorn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Page, scripts and styles that are fetched before the first card or invitation shows (experience 2.3 allows the invite page 100 KB). */
const pages = [
  { page: 'sidebar.html', manifest: 'manifest.json', firstLoadBytes: 90_000 },
  { page: 'invite.html', manifest: 'manifest.invite.json', firstLoadBytes: 80_000 },
]
/** ES2019 is what Chrome 66 and Safari 12 have; `import()` came to them before it came into the standard, in 2020. */
const syntaxYear = 2019

const dist = mkdtempSync(join(tmpdir(), 'qihui-sidebar-'))

interface ManifestEntry {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

const read = (file: string) => readFileSync(join(dist, file), 'utf8')
const assets = (extension: string) => readdirSync(join(dist, 'assets')).filter((name) => name.endsWith(extension))

function filesOfFirstLoad(page: string, manifestFile: string): string[] {
  const manifest = JSON.parse(read(`.vite/${manifestFile}`)) as Record<string, ManifestEntry>
  const files = new Set([page])
  const visit = (key: string) => {
    const entry = manifest[key]
    if (!entry) throw new Error(`${key} is not in the manifest`)
    for (const file of [entry.file, ...(entry.css ?? [])]) files.add(file)
    entry.imports?.forEach(visit)
  }
  visit(page)
  for (const [, file] of read(page).matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) {
    if (file) files.add(file)
  }
  return [...files]
}

/** Throws where `code` uses syntax that came after the oldest engines. */
function parseAsOld(code: string): void {
  parse(code.replace(/\bimport\(/g, 'imported(').replace(/\bimport\.meta\b/g, 'imported.meta'), { ecmaVersion: syntaxYear, sourceType: 'module' })
}

describe('the shipped pages', () => {
  // In a process of its own: here NODE_ENV is "test", which would ship Vue's development half.
  beforeAll(() => {
    const cwd = fileURLToPath(new URL('.', import.meta.url))
    const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')))
    const env = { ...process.env, NODE_ENV: 'production' }
    const build = (...options: string[]) => execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', dist, ...options], { cwd, env })
    build('--emptyOutDir')
    build('--config', 'vite.invite.config.ts')
  }, 180_000)
  afterAll(() => rmSync(dist, { recursive: true, force: true }))

  it.each(pages)('loads at most $firstLoadBytes bytes, gzip, before $page shows something', ({ page, manifest, firstLoadBytes }) => {
    const sizes = filesOfFirstLoad(page, manifest).map((file) => [file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length] as const)
    expect(sizes.length).toBeGreaterThanOrEqual(3)
    const total = sizes.reduce((sum, [, size]) => sum + size, 0)
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(firstLoadBytes)
  })

  it('uses no syntax newer than ES2019, import() aside', () => {
    for (const name of assets('.js')) expect(() => parseAsOld(read(`assets/${name}`)), name).not.toThrow()
  })

  const newer = ['a?.b', 'a ?? b', 'a ||= b', 'class A { x = 1 }', 'class A { #x }', '1_000', '10n', 'await x']
  it.each(newer)('would notice %s', (code) => {
    expect(() => parseAsOld(code)).toThrow()
  })

  it('has no regular expression that Safari 12 cannot read', () => {
    for (const name of assets('.js')) expect(read(`assets/${name}`), name).not.toMatch(/\(\?<[=!]/)
  })

  it('uses no style that the oldest engines do not know and would leave undone', () => {
    for (const name of assets('.css')) expect(read(`assets/${name}`), name).not.toMatch(/[;{](inset|aspect-ratio|row-gap):|:where\(|:is\(|\bclamp\(|\d[sdl]vh|@layer|@container/)
  })

  it.each(pages)('has no script and no event handler inside $page, so that script-src self is enough', ({ page }) => {
    const html = read(page)
    expect(html.match(/<script\b[^>]*>/g)?.every((tag) => /\ssrc="\/assets\//.test(tag))).toBe(true)
    expect(html).not.toMatch(/\son\w+=|javascript:/)
  })

  it('brings no icon font and no address of another host', () => {
    const styles = assets('.css').map((name) => read(`assets/${name}`)).join('\n')
    expect(styles).not.toMatch(/@font-face|url\(\s*["']?(?:https?:)?\/\//)
    for (const { page } of pages) expect(read(page)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  it('leaves room in the invite page for what is shown without scripts, sends no referrer and stays out of indexes', () => {
    const html = read('invite.html')
    expect(html.match(/<!--invite-->/g)).toHaveLength(1)
    expect(html).toContain('name="referrer" content="no-referrer"')
    expect(html).toContain('name="robots" content="noindex, nofollow"')
  })

  it('ships every script and style compressed as well, with the same content', () => {
    const names = [...assets('.js'), ...assets('.css')]
    for (const name of names) {
      const [plain, packed] = [name, `${name}.gz`].map((file) => readFileSync(join(dist, 'assets', file)))
      expect(plain && packed && gunzipSync(packed).equals(plain), name).toBe(true)
    }
    expect(assets('.br')).toHaveLength(names.length)
  })

  it('carries nothing of the operations console', () => {
    for (const name of [...assets('.js'), ...assets('.css')]) expect(read(`assets/${name}`), name).not.toMatch(/\bEl[A-Z][a-z]+|\.el-[a-z]|\/api\/console\//)
  })

  it('puts a hash into every asset name, so that assets can be kept for ever', () => {
    for (const name of readdirSync(join(dist, 'assets'))) expect(name).toMatch(/-[\w-]{8}\.(js|css)(\.gz|\.br)?$/)
  })
})
