import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

/** The first client engines served: Chrome 66 (X5 and the desktop client's CEF of that age) and Safari 12. Syntax is ES2019 at most. */
const oldestEngines = ['chrome66', 'ios12']

/** Where `pnpm dev` finds the product: the address `npm start` prints. */
const devBackend = 'http://localhost:3000'

/**
 * Leaves axios's `fetch` adapter out of the bundle (4 KB gzip). XMLHttpRequest is tried first and is in every engine served; axios
 * takes an adapter without `getFetch` for one that is not supported.
 */
const axiosWithoutFetch: Plugin = {
  name: 'axios-without-fetch',
  enforce: 'pre',
  resolveId: (source, importer) => (source === './fetch.js' && importer?.includes('/axios/lib/adapters/') ? '\0axios-no-fetch' : null),
  load: (id) => (id === '\0axios-no-fetch' ? 'export const getFetch = () => null' : null),
}

/** Writes `.br` and `.gz` beside every script and style, which the static file server picks up by itself: nothing is compressed per request. */
export const compressed: Plugin = {
  name: 'compressed-assets',
  apply: 'build',
  // Not `generateBundle`: vite still fills in the names of preloaded files there.
  writeBundle({ dir = 'dist' }, bundle) {
    for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
      const file = join(dir, fileName)
      const content = readFileSync(file)
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
      writeFileSync(`${file}.br`, brotliCompressSync(content))
    }
  },
}

/**
 * One page for phones and chat clients. Each is built by itself, so that the first load of one carries nothing of another.
 * @param isFirst empties the folder before; the pages built after it find theirs there
 */
export function mobilePage(name: string, isFirst: boolean): UserConfig {
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    plugins: [vue(), axiosWithoutFetch, compressed],
    define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    build: {
      target: oldestEngines,
      cssTarget: oldestEngines,
      emptyOutDir: isFirst,
      manifest: isFirst ? true : `.vite/manifest.${name}.json`,
      assetsInlineLimit: 0,
      // Engines without modulepreload only fetch a little later; the stand-in for it weighs on every first load.
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { [name]: fileURLToPath(new URL(`${name}.html`, import.meta.url)) } },
    },
  }
}

/** The sidebar, built first; `pnpm dev` serves every page. */
export default defineConfig({
  ...mobilePage('sidebar', true),
  server: { proxy: Object.fromEntries(['/api', '/_vendor', '/_sandbox', '/stage', '/invite-card.png', '/channel-codes'].map((path) => [path, devBackend])) },
})
