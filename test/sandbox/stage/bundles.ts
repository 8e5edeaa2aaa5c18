import { build, type BuildOptions } from 'esbuild'
import { fileURLToPath } from 'node:url'

const entries = {
  page: 'page/main.ts',
  phone: 'phone/runtime/main.ts',
  wecomClient: 'desktop/wecomClient.ts',
  placeClient: 'place/placeClient.ts',
} as const

/** One script of the stage, by name. */
export type BundleName = keyof typeof entries

const options = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'chrome110',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  alias: { vue: 'vue/dist/vue.esm-bundler.js' },
} satisfies BuildOptions

async function bundle(name: BundleName): Promise<string> {
  const entry = fileURLToPath(new URL(entries[name], import.meta.url))
  const result = await build({ ...options, entryPoints: [entry] })
  return result.outputFiles[0]?.text ?? ''
}

/** Bundles the scripts of the stage on first use and keeps them in memory. */
export function createBundles(): (name: BundleName) => Promise<string> {
  const made = new Map<BundleName, Promise<string>>()
  return (name) => {
    const known = made.get(name)
    if (known !== undefined) return known
    const fresh = bundle(name)
    made.set(name, fresh)
    fresh.catch(() => made.delete(name))
    return fresh
  }
}
