import { resolve } from 'node:path'
import { defineConfig } from '@tarojs/cli'

/** The host the shipped build talks to; the sandbox's phone resolves it to the local gateway. */
const defaultApiBase = 'https://member-api.qihui.example'

export default defineConfig(async () => ({
  projectName: 'qihui',
  date: '2026-11-22',
  designWidth: 375,
  deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'vue3',
  compiler: 'webpack5',
  plugins: ['vantWeapp', 'aria', 'selfClosing'].map((name) => resolve(__dirname, `../plugins/${name}.js`)),
  defineConstants: { __API_BASE__: JSON.stringify(process.env['MP_API_BASE'] ?? defaultApiBase) },
  mini: {
    // The sources of @qihui/shared are TypeScript and lie outside the app; a RegExp here is refused silently.
    compile: { include: [resolve(__dirname, '../../shared/src')] },
    minifyXML: { collapseWhitespace: true },
    postcss: {
      // Text and targets keep their size in px on every screen; layouts are fluid.
      pxtransform: { enable: false },
    },
  },
}))
