import { rm } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { smallBuild, writeBuild } from '../testing/writeBuild.ts'
import { compileMiniProgram } from './compileMiniProgram.ts'
import { compileStyles } from './compileStyles.ts'
import { translateWxs } from './compileTemplates.ts'
import { wrapScript } from './wrapScript.ts'

const folders: string[] = []

async function compile(changes: Readonly<Record<string, string>> = {}) {
  const folder = await writeBuild({ ...smallBuild, ...changes })
  folders.push(folder)
  return compileMiniProgram(folder)
}

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

describe('compileMiniProgram', () => {
  it('makes one script of a build', async () => {
    const { script, pages } = await compile()
    expect(pages).toEqual(['pages/first/first', 'pages/second/second'])
    expect(() => new Function(script)).not.toThrow()
  })

  it('names file and line of a template that does not parse', async () => {
    await expect(compile({ 'pages/second/second.wxml': '<view>\n<text></view>' })).rejects.toThrow(/pages\/second\/second\.wxml:2:\d+ missing end tag/)
  })

  it('names who uses a component that is not in the build', async () => {
    const config = JSON.stringify({ usingComponents: { gone: '/components/gone/gone' } })
    await expect(compile({ 'pages/second/second.json': config })).rejects.toThrow('pages/second/second.json uses the component components/gone/gone, which is not in the build')
  })

  it('names the script that does not parse', async () => {
    await expect(compile({ 'pages/second/second.js': 'Page({' })).rejects.toThrow(SyntaxError)
  })

  it('says what to run when there is no build', async () => {
    await expect(compileMiniProgram('/nowhere/at/all')).rejects.toThrow('no mini-program build in /nowhere/at/all')
  })
})

describe('compileStyles', () => {
  const files = new Map(Object.entries({
    'a.wxss': "@import './b.wxss';\npage, .x view { width: 75rpx; margin: -1.5rpx }\n@keyframes turn { from { left: 0 } to { left: 10rpx } }",
    'b.wxss': '.b { color: red }',
    'c.wxss': ':host .title > .x:not(.y) { top: 1px }',
  }))

  it('inlines imports and turns 750 rpx into the width of the screen', () => {
    const css = compileStyles('a.wxss', files, { kind: 'app' })
    expect(css).toContain('.b { color: red }')
    expect(css).toContain('width: 10vw; margin: -0.2vw')
    expect(css).not.toContain('@import')
  })

  it('renames tags but not the steps of keyframes', () => {
    const css = compileStyles('a.wxss', files, { kind: 'app' })
    expect(css).toContain('wx-page, .x wx-view')
    expect(css).toMatch(/from \{ left: 0 \} to \{ left: 1\.33333vw \}/)
  })

  it('keeps the rules of a page on that page without making them stronger', () => {
    const css = compileStyles('a.wxss', files, { kind: 'page', route: 'p/q' })
    expect(css).toContain('wx-page:where([data-route="p/q"])')
    expect(css).toContain(':where([data-route="p/q"])  .x wx-view')
  })

  it('gives the classes of a component its own prefix, also inside :not()', () => {
    expect(compileStyles('c.wxss', files, { kind: 'component', prefix: 'k1' })).toContain('[wx-host=k1] .k1--title > .k1--x:not(.k1--y)')
  })
})

describe('translateWxs', () => {
  it('drops the suffix of a require and gives constructor as the name of the type', () => {
    expect(translateWxs("var a = require('./x.wxs'); a.b[0].constructor === 'Array'")).toBe("var a = require('./x'); wxsConstructor(a.b[0]) === 'Array'")
  })
})

describe('wrapScript', () => {
  it('hides what only a browser has', () => {
    const run = new Function(`return ${wrapScript('a.js', 'exports.seen = [typeof window, typeof document, typeof fetch, typeof URL, typeof Function].join()')}`)() as (...parameters: unknown[]) => void
    const exports: { seen?: string } = {}
    run(undefined, {}, exports)
    expect(exports.seen).toBe('undefined,undefined,undefined,undefined,undefined')
  })
})
