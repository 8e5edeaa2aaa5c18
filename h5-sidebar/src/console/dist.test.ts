// @vitest-environment node
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'acorn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Chrome 85 and Safari 14, the first engines Element Plus serves, know ES2021. */
const syntaxYear = 2021

const dist = mkdtempSync(join(tmpdir(), 'qihui-console-'))
const read = (file: string) => readFileSync(join(dist, file), 'utf8')
const assets = (extension: string) => readdirSync(join(dist, 'assets')).filter((name) => name.endsWith(extension))

describe('the shipped console', () => {
  // In a process of its own: here NODE_ENV is "test", which would ship Vue's development half.
  beforeAll(() => {
    writeFileSync(join(dist, 'sidebar.html'), 'built before')
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')))
    const env = { ...process.env, NODE_ENV: 'production' }
    execFileSync(process.execPath, [vite, 'build', '--config', 'vite.console.config.ts', '--logLevel', 'error', '--outDir', dist], { cwd, env })
  }, 180_000)
  afterAll(() => rmSync(dist, { recursive: true, force: true }))

  it('leaves the other pages of the folder as they are', () => {
    expect(read('sidebar.html')).toBe('built before')
    expect(existsSync(join(dist, '.vite/manifest.json'))).toBe(false)
  })

  it('runs on the first engines Element Plus serves', () => {
    for (const name of assets('.js')) {
      // `import()` and `import.meta` are older in engines than in the grammar of that year.
      const code = read(`assets/${name}`).replace(/\bimport\.meta\b/g, 'imported.meta')
      expect(() => parse(code, { ecmaVersion: syntaxYear, sourceType: 'module' }), name).not.toThrow()
    }
  })

  it('needs no inline script, no inline style and no other host', () => {
    const html = read('console.html')
    expect(html.match(/<script\b[^>]*>/g)?.every((tag) => /\ssrc="\/assets\//.test(tag))).toBe(true)
    expect(html).not.toMatch(/\son\w+=|javascript:|<style|\sstyle=/)
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    for (const name of assets('.css')) expect(read(`assets/${name}`), name).not.toMatch(/@font-face|url\(\s*["']?(?:https?:)?\/\//)
  })

  it('loads each screen apart: the date picker is not fetched before somebody picks a date', () => {
    const entry = /src="\/(assets\/console-[^"]+)"/.exec(read('console.html'))?.[1] ?? ''
    expect(read(entry)).not.toContain('ElDatePicker')
    expect(assets('.js').some((name) => read(`assets/${name}`).includes('ElDatePicker'))).toBe(true)
  })

  it('comes compressed as well, under names that can be kept for ever', () => {
    for (const name of [...assets('.js'), ...assets('.css')]) {
      expect(name).toMatch(/-[\w-]{8}\.(js|css)$/)
      expect(existsSync(join(dist, 'assets', `${name}.gz`)), name).toBe(true)
      expect(existsSync(join(dist, 'assets', `${name}.br`)), name).toBe(true)
    }
  })
})
