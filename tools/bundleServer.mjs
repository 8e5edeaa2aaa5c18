/**
 * Bundles the server's roots into `server/dist`, each a plain ES module for Node. Packages from npm stay outside;
 * `@qihui/shared` is TypeScript source and goes in.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './workspace.mjs'

const ENTRIES = ['main', 'seed']

/** @type {import('esbuild').Plugin} */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@qihui/') ? undefined : { path, external: true },
    )
  },
}

const source = join(ROOT, 'server/src')
const outdir = join(ROOT, 'server/dist')
const entryPoints = ENTRIES.map((name) => join(source, `${name}.ts`))
const missing = entryPoints.find((file) => !existsSync(file))
if (missing) {
  console.error(`${missing} is missing: there is no server to build`)
  process.exit(1)
}

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
  plugins: [packagesStayOutside],
  logLevel: 'warning',
})
