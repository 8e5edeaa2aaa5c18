import { compileStyles, type StyleScope } from './compileStyles.ts'
import { compileTemplates } from './compileTemplates.ts'
import { readBuild, type MiniProgramBuild } from './readBuild.ts'
import { resolvePath } from './resolvePath.ts'
import { wrapScript } from './wrapScript.ts'

interface EntryConfig {
  readonly component?: boolean
  readonly usingComponents?: Readonly<Record<string, string>>
}

/** A build made ready for the phone: one script that assigns `globalThis.phoneProgram`. */
export interface CompiledMiniProgram {
  readonly script: string
  readonly version: string
  readonly pages: readonly string[]
}

function parseJson<T>(build: MiniProgramBuild, file: string): T {
  const source = build.files.get(file)
  if (source === undefined) throw new Error(`${file} is missing in the mini-program build`)
  try {
    return JSON.parse(source) as T
  } catch (error) {
    throw new Error(`${file} is not valid JSON`, { cause: error })
  }
}

/** Every component reachable from the pages, in the order found. @throws when a declared one has no file. */
function listComponents(build: MiniProgramBuild, pages: readonly string[]): Map<string, EntryConfig> {
  const found = new Map<string, EntryConfig>()
  const visit = (path: string, declaredBy: string): void => {
    if (found.has(path)) return
    if (!build.files.has(`${path}.json`)) throw new Error(`${declaredBy} uses the component ${path}, which is not in the build`)
    const config = parseJson<EntryConfig>(build, `${path}.json`)
    found.set(path, config)
    for (const target of Object.values(config.usingComponents ?? {})) visit(resolvePath(target, path), `${path}.json`)
  }
  const app = parseJson<EntryConfig>(build, 'app.json')
  for (const target of Object.values(app.usingComponents ?? {})) visit(resolvePath(target, 'app.json'), 'app.json')
  for (const page of pages) visit(page, 'app.json')
  return found
}

function scopeOf(path: string, pages: readonly string[], index: number): StyleScope {
  return pages.includes(path) ? { kind: 'page', route: path } : { kind: 'component', prefix: `c${index}` }
}

/**
 * Compiles a shipped mini-program build for the phone of the stage.
 * @throws with file and reason when the build is broken: missing files, bad JSON, WXML or script that does not parse.
 */
export async function compileMiniProgram(folder: string): Promise<CompiledMiniProgram> {
  const build = await readBuild(folder)
  const app = parseJson<{ pages: string[] }>(build, 'app.json')
  const components = [...listComponents(build, app.pages)]
  const styles = [build.files.has('app.wxss') ? compileStyles('app.wxss', build.files, { kind: 'app' }) : '']
  const entries = components.map(([path, config], index) => {
    const scope = scopeOf(path, app.pages, index)
    if (build.files.has(`${path}.wxss`)) styles.push(compileStyles(`${path}.wxss`, build.files, scope))
    return { path, kind: scope.kind, prefix: scope.kind === 'component' ? scope.prefix : null, config }
  })
  const scripts = [...build.files].filter(([file]) => file.endsWith('.js'))
  const modules = scripts.map(([file, source]) => `${JSON.stringify(file.slice(0, -'.js'.length))}: ${wrapScript(file, source)}`)
  const script = `globalThis.phoneProgram = {
app: ${JSON.stringify(app)},
entries: ${JSON.stringify(entries)},
styles: ${JSON.stringify(styles.join('\n'))},
templates: ${compileTemplates(build.files)},
modules: {
${modules.join(',\n')}
}};
`
  return { script, version: build.version, pages: app.pages }
}
