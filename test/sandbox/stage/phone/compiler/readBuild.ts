import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** The text files of a mini-program build, by path relative to its folder with `/` as separator. */
export interface MiniProgramBuild {
  readonly folder: string
  readonly files: ReadonlyMap<string, string>
  /** Changes whenever a file is written; used to compile again only when needed. */
  readonly version: string
}

const textFile = /\.(js|json|wxml|wxs|wxss)$/

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
}

/** Newest change in the folder, as a cheap answer to "is what we compiled still current"; null when there is no build. */
export async function buildVersion(folder: string): Promise<string | null> {
  try {
    const paths = await listFiles(folder)
    if (!paths.some((path) => path === join(folder, 'app.json'))) return null
    const times = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs))
    return `${paths.length}-${Math.max(...times)}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Reads a build made by `taro build --type weapp`. @throws when there is no `app.json`. */
export async function readBuild(folder: string): Promise<MiniProgramBuild> {
  const version = await buildVersion(folder)
  if (version === null) throw new Error(`no mini-program build in ${folder}: run "pnpm --filter @qihui/miniprogram build" first`)
  const paths = (await listFiles(folder)).filter((path) => textFile.test(path))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  const files = new Map(paths.map((path, index) => [relative(folder, path).split(sep).join('/'), texts[index] ?? '']))
  return { folder, files, version }
}
