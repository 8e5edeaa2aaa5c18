import type Router from '@koa/router'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from 'koa'
import credentials from '../credentials.json' with { type: 'json' }
import type { StageContext } from '../types.ts'
import { createBundles, type BundleName } from './bundles.ts'
import { compileMiniProgram, type CompiledMiniProgram } from './phone/compiler/compileMiniProgram.ts'
import { buildVersion } from './phone/compiler/readBuild.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

async function serveFile(context: Context, path: string): Promise<void> {
  context.type = extname(path)
  context.set('cache-control', 'no-store')
  context.body = await readFile(path)
}

/** Compiles the build again only when a file of it has changed. */
function createProgramSource(folder: string | undefined): () => Promise<CompiledMiniProgram> {
  let current: { version: string; program: Promise<CompiledMiniProgram> } | null = null
  return async () => {
    if (folder === undefined) throw new Error('the sandbox was started without a mini-program build')
    const version = (await buildVersion(folder)) ?? 'missing'
    if (current?.version !== version) current = { version, program: compileMiniProgram(folder) }
    return current.program
  }
}

/** A program that shows why there is none, in words a person can act on. */
function explainMissingProgram(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return `document.body.innerHTML = '';
document.body.append(Object.assign(document.createElement('p'), { style: 'padding:24px;font-size:14px;line-height:1.7;overflow-wrap:anywhere', textContent: ${JSON.stringify(`手机里还没有可运行的小程序：${reason}`)} }));
throw new Error(${JSON.stringify(reason)});`
}

function servePhone(router: Router, context: StageContext): void {
  const programOf = createProgramSource(context.options.miniProgramDist)
  const settings = JSON.stringify({ apiHost: credentials.mpApiHost, appId: credentials.mpAppId })
  router.get('/stage/phone/program.js', async (koa) => {
    koa.type = 'text/javascript'
    koa.set('cache-control', 'no-store')
    koa.body = await programOf().then((program) => `globalThis.phoneSettings = ${settings};\n${program.script}`, explainMissingProgram)
  })
  router.get('/stage/phone/assets/*path', async (koa) => {
    const folder = context.options.miniProgramDist
    const path = folder === undefined ? '' : normalize(join(folder, decodeURIComponent(koa.path.slice('/stage/phone/assets/'.length))))
    const isInside = folder !== undefined && path.startsWith(normalize(folder) + sep)
    const isFile = isInside && (await stat(path).then((found) => found.isFile(), () => false))
    if (!isFile) return
    koa.type = extname(path)
    koa.body = createReadStream(path)
  })
}

/** Pages, scripts and styles under `/stage/`, and the compiled mini-program of the phone. */
export function serveStage(router: Router, context: StageContext): void {
  const bundleOf = createBundles()
  const serveBundle = (path: string, name: BundleName, before = ''): void => {
    router.get(path, async (koa) => {
      koa.type = 'text/javascript'
      koa.set('cache-control', 'no-store')
      koa.body = `${before}${await bundleOf(name)}`
    })
  }
  router.get('/', (koa) => koa.redirect('/stage/'))
  router.get('/stage/', (koa) => (koa.path.endsWith('/') ? serveFile(koa, join(here, 'page/index.html')) : koa.redirect('/stage/')))
  router.get('/stage/stage.css', (koa) => serveFile(koa, join(here, 'page/stage.css')))
  router.get('/stage/phone.html', (koa) => serveFile(koa, join(here, 'phone/phone.html')))
  router.get('/stage/phone.css', (koa) => serveFile(koa, join(here, 'phone/phone.css')))
  serveBundle('/stage/stage.js', 'page')
  serveBundle('/stage/wecom-client.js', 'wecomClient')
  const placeSettings = JSON.stringify({ mpAppId: credentials.mpAppId, mpOriginalId: credentials.mpOriginalId })
  serveBundle('/stage/place-client.js', 'placeClient', `globalThis.placeSettings = ${placeSettings};\n`)
  serveBundle('/stage/phone/runtime.js', 'phone')
  servePhone(router, context)
}
