// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let build: string

function gate(): { status: number | null; words: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools', 'gate.mjs'), build], { encoding: 'utf8' })
  return { status, words: stderr }
}

beforeEach(() => {
  build = mkdtempSync(join(tmpdir(), 'qihui-gate-'))
  cpSync(join(root, 'dist'), build, { recursive: true })
})
afterEach(() => rmSync(build, { recursive: true }))

describe('the static gate', () => {
  it('passes the build as it is', () => {
    expect(gate()).toEqual({ status: 0, words: '' })
  })

  const violations: [string, () => void, string][] = [
    ['a template that does not compile', () => appendFileSync(join(build, 'pages/member/index.wxml'), '<view>'), 'does not compile'],
    ['a component that was not copied', () => rmSync(join(build, 'vant/loading/index.wxml')), 'van-loading needs vant/loading/index.wxml'],
    ['a component without a template', () => writeFileSync(join(build, 'base.wxml'), ''), 'base.wxml has no template for van-icon'],
    ['a page that is not there', () => rmSync(join(build, 'pages/policy/index.js')), 'pages/policy/index.js'],
    ['`process` in the code', () => appendFileSync(join(build, 'app.js'), ';process.env.X'), '"process." is left'],
    ['a font from a foreign host', () => appendFileSync(join(build, 'app.wxss'), '@font-face{src:url(//at.alicdn.com/t/font.woff)}'), '//at.alicdn.com'],
    ['a package over the limit', () => writeFileSync(join(build, 'big.bin'), Buffer.alloc(1024 * 1024)), 'the limit is'],
  ]
  it.each(violations)('refuses %s', (_, damage, words) => {
    damage()
    const { status, words: said } = gate()
    expect(status).toBe(1)
    expect(said).toContain(words)
  })
})
