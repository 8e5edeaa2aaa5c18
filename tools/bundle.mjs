/** Bundles TypeScript roots into plain ES modules for Node. */
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

/** Packages from npm stay outside; the workspace's own are TypeScript source and go in. @type {import('esbuild').Plugin} */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@qihui/') ? undefined : { path, external: true },
    )
  },
}

/**
 * @param {string[]} entryPoints absolute
 * @param {string} outdir emptied first; packages are looked up from here when the result runs
 */
export async function bundle(entryPoints, outdir) {
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
}
