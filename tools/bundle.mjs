/** Bundles TypeScript roots into plain ES modules for Node. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './workspace.mjs'

/** A file of a package that was brought in imports the rest of what it needs from its own place. @param {string} importer */
const isBrought = (importer) => importer.includes('/node_modules/')

/** Marks a look-up that must not leave the package outside. */
const BRINGS = 'brings'

/** Packages from npm stay outside, those inside what came in aside; the workspace's own are TypeScript source and go in. @type {import('esbuild').Plugin} */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) =>
      kind === 'entry-point' || pluginData === BRINGS || path.startsWith('@qihui/') || isBrought(importer) ? undefined : { path, external: true },
    )
  },
}

/**
 * What shared needs and the bundle's own package does not have goes in with it; the rest is looked up beside the bundle.
 * @param {ReadonlySet<string>} outside names of packages that are there when the bundle runs
 * @returns {import('esbuild').Plugin}
 */
const sharedBringsItsPackages = (outside) => ({
  name: 'shared-brings-its-packages',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, resolveDir, kind, pluginData }) =>
      importer.startsWith(join(ROOT, 'shared')) && pluginData !== BRINGS && !outside.has(path) ? resolve(path, { resolveDir, kind, pluginData: BRINGS }) : undefined,
    )
  },
})

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
 * @param {{ isTiedToSource?: boolean, packageFolder?: string }} [options] `isTiedToSource`: `import.meta.url` stays the source's, for programs
 *   of this checkout; `packageFolder`: package whose dependencies are there when the bundle runs
 */
export async function bundle(entryPoints, outdir, { isTiedToSource = false, packageFolder } = {}) {
  const outside = new Set(packageFolder ? Object.keys(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).dependencies) : [])
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
    plugins: [sharedBringsItsPackages(outside), packagesStayOutside, ...(isTiedToSource ? [neighboursStay] : [])],
    logLevel: 'warning',
  })
}
