import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    name: 'h5-sidebar',
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'dist.test.ts'],
    env: { TZ: 'Asia/Shanghai' },
    server: { deps: { inline: ['vant', '@wecom/jssdk'] } },
  },
})
