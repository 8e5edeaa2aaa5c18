/**
 * `npm run bench`: bundles the benches as production code is bundled (a TypeScript loader would slow what is measured) and runs
 * them. The bundle rests where the server's own packages are found.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'
import { ROOT } from './workspace.mjs'

const outdir = join(ROOT, 'server/node_modules/.cache', `bench-${process.pid}`)
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }))
await bundle(['main', 'benchServer', 'loadGenerator'].map((name) => join(ROOT, 'test/bench', `${name}.ts`)), outdir)
process.chdir(ROOT)
await import(pathToFileURL(join(outdir, 'main.js')).href)
