/** Bundles the sandbox's process, which spares `npm start` a TypeScript loader. The bundle rests where the sandbox's packages are found. */
import { join } from 'node:path'
import { bundle } from './bundle.mjs'
import { ROOT } from './workspace.mjs'

await bundle([join(ROOT, 'test/sandbox/main.ts')], join(ROOT, 'test/node_modules/.cache/sandbox'), { isTiedToSource: true })
