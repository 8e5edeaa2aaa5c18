/** Bundles TypeScript roots into plain ES modules for Node. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './workspace.mjs'

/** Marks a look-up that must not leave the package outside. */
const BRINGS = 'brings'

/** Packages from npm stay outside; the workspace's own are TypeScript source and go in. @type {import('esbuild').Plugin} */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind, pluginData }) =>
      kind === 'entry-point' || pluginData === BRINGS || path.startsWith('@qihui/') ? undefined : { path, external: true },
    )
  },
}

/** Shared's own packages are not the sandbox's: they go in with it. @type {import('esbuild').Plugin} */
const sharedBringsItsPackages = {
  name: 'shared-brings-its-packages',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, resolveDir, kind, pluginData }) =>
      importer.startsWith(join(ROOT, 'shared')) && pluginData !== BRINGS ? resolve(path, { resolveDir, kind, pluginData: BRINGS }) : undefined,
    )
  },
}

/** Files that look for their neighbours go on finding them beside the source. @type {import('esbuild').Plugin} */
const neighboursStay = {
  name: 'neighbours-stay',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents, loader: 'ts' }
    })
  },
}

/**
 * @param {string[]} entryPoints absolute
 * @param {string} outdir emptied first; packages are looked up from here when the result runs
 * @param {{ isTiedToSource?: boolean }} [options] `isTiedToSource`: `import.meta.url` stays the source's, for programs of this checkout
 */
export async function bundle(entryPoints, outdir, { isTiedToSource = false } = {}) {
  rmSync(outdir, { recursive: true, force: true })
  await build({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    sourcemap: true,
    chunkNames: '[name]-[hash]',
    plugins: isTiedToSource ? [sharedBringsItsPackages, packagesStayOutside, neighboursStay] : [packagesStayOutside],
    logLevel: 'warning',
  })
}
