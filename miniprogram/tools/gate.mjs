/**
 * What a build must satisfy before it is uploaded, checked without WeChat: every template compiles with the official
 * compiler, every component exists, sizes are within the limits, and nothing points to a foreign host.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, posix, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
/** Another folder can be named, for a build that lies elsewhere. */
const dist = resolve(process.argv[2] ?? join(root, 'dist'))
/** Our own limit; the client takes 2 MB. */
const packageLimitBytes = 1024 * 1024
const apiBase = process.env['MP_API_BASE'] ?? 'https://member-api.qihui.example'
/** Names and words of the frameworks, never asked for anything. */
const knownAddresses = ['http://www.w3.org/', 'https://vuejs.org/error-reference/', 'https://taro.com']

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [posix.join(...relative(dist, path).split(/[\\/]/))]
  })
}

const read = (file) => readFileSync(join(dist, file), 'utf8')

function checkSize(files) {
  const bytes = files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0)
  console.log(`package: ${bytes} bytes in ${files.length} files (limit ${packageLimitBytes})`)
  return bytes < packageLimitBytes ? [] : [`the package has ${bytes} bytes; the limit is ${packageLimitBytes}`]
}

function checkPages(files) {
  const { pages } = JSON.parse(read('app.json'))
  return pages.flatMap((page) => ['js', 'json', 'wxml'].map((extension) => `${page}.${extension}`)).filter((file) => !files.includes(file)).map((file) => `app.json names a page without ${file}`)
}

/** Every component a page or component names is there, whole, and has a template in base.wxml when Taro draws it. */
function checkComponents(files) {
  const base = read('base.wxml')
  return files.filter((file) => extname(file) === '.json').flatMap((file) => {
    const components = Object.entries(JSON.parse(read(file)).usingComponents ?? {})
    return components.flatMap(([name, target]) => {
      const path = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(file), target)
      const missing = ['js', 'json', 'wxml'].filter((extension) => !files.includes(`${path}.${extension}`)).map((extension) => `${file}: ${name} needs ${path}.${extension}`)
      const isDrawnByTaro = file.startsWith('pages/') && name.startsWith('van-')
      const isUndrawn = isDrawnByTaro && !base.includes(`<template name="tmpl_0_${name}">`)
      return isUndrawn ? [...missing, `${file}: base.wxml has no template for ${name}, it would be invisible`] : missing
    })
  })
}

/** The client has no `process`, and a package that loads from elsewhere breaks without that host. */
function checkContents(files) {
  return files.filter((file) => /\.(js|wxs|wxml|wxss)$/.test(file)).flatMap((file) => {
    const text = read(file)
    const problems = extname(file) === '.js' && /\bprocess\./.test(text) ? [`${file}: "process." is left in it`] : []
    const addresses = [...text.matchAll(/(?:https?:)?\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+[/:]?[^\s"'`)]*/gi)].map(([address]) => address)
    const foreign = addresses.filter((address) => !address.startsWith(apiBase) && !knownAddresses.some((known) => address.startsWith(known)))
    return [...problems, ...foreign.map((address) => `${file}: names the foreign address ${address}`)]
  })
}

/** The official compiler, as the developer tool runs it. */
function checkTemplates(files) {
  const platforms = { linux: 'linux/wcc', darwin: 'mac/wcc', win32: 'windows/wcc.exe' }
  const packed = join(dirname(require.resolve('miniprogram-compiler/package.json')), 'bin', platforms[process.platform] ?? platforms.linux)
  // The package ships the program without the right to run it; the package store is not ours to change.
  const compiler = join(root, 'node_modules', '.cache', basename(packed))
  mkdirSync(dirname(compiler), { recursive: true })
  copyFileSync(packed, compiler)
  chmodSync(compiler, 0o755)
  const templates = files.filter((file) => /\.(wxml|wxs)$/.test(file)).map((file) => `./${file}`)
  const { status, stderr, error } = spawnSync(compiler, ['-d', '--split', ...templates], { cwd: dist, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (error) return [`the template compiler did not start: ${error.message}`]
  console.log(`templates: ${templates.length} compiled`)
  return status === 0 ? [] : [`a template does not compile: ${stderr.trim().split('\n')[0]}`]
}

if (!existsSync(join(dist, 'app.json'))) {
  console.error('no build to check: run `pnpm --filter @qihui/miniprogram build` first')
  process.exit(1)
}
const files = filesIn(dist)
const problems = [checkSize, checkPages, checkComponents, checkContents, checkTemplates].flatMap((check) => check(files))
for (const problem of problems) console.error(`gate: ${problem}`)
console.log(problems.length === 0 ? 'gate passed' : `gate failed: ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
