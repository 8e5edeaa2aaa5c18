import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    name: 'h5-sidebar',
    environment: 'happy-dom',
    // The files of one worker share what they import: loading Vant anew for each file costs more than its tests.
    isolate: false,
    include: ['src/**/*.test.ts', 'dist.test.ts'],
    setupFiles: ['src/testing/elementWords.ts'],
    // The console's whole screens in a document without a browser: seconds on a busy machine.
    testTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
    env: { TZ: 'Asia/Shanghai' },
    server: { deps: { inline: ['vant', '@wecom/jssdk'] } },
  },
})
