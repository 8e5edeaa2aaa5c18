import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const clientElements = new Set(['view', 'text', 'image', 'button', 'input', 'picker'])

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => clientElements.has(tag) || tag.startsWith('van-') } } })],
  define: { __API_BASE__: JSON.stringify('https://member-api.qihui.example') },
  resolve: { alias: { '@tarojs/taro': fileURLToPath(new URL('test/taroHooks.ts', import.meta.url)) } },
  test: {
    name: 'miniprogram',
    environment: 'happy-dom',
    isolate: false,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/buildWhenStale.ts'],
    setupFiles: ['test/fakeWx.ts'],
  },
})
