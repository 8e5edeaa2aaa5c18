import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { compressed } from './vite.config.ts'

/** The first engines that Element Plus serves; the console is opened on desktops only. */
const oldestDesktopEngines = ['chrome85', 'edge85', 'safari14']

/**
 * The operations console, built by itself into the same folder: were it one more entry of `vite.config.ts`, the chunks it shares with
 * the sidebar would carry what only Element Plus needs, and the sidebar's first load would grow with every screen here.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue(), compressed],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  build: {
    target: oldestDesktopEngines,
    cssTarget: oldestDesktopEngines,
    // The other pages are there already.
    emptyOutDir: false,
    manifest: '.vite/manifest.console.json',
    assetsInlineLimit: 0,
    rolldownOptions: { input: { console: fileURLToPath(new URL('console.html', import.meta.url)) } },
  },
})
