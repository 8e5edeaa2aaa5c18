/** Bundles the server's roots into `server/dist`: `main.js` is the product, `seed.js` the demo data, `doctor.js` the check of the settings, `keys.js`, `auditVerify.js` and `complianceReport.js` commands. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './bundle.mjs'
import { ROOT } from './workspace.mjs'

const entryPoints = ['main', 'seed', 'doctor', 'keys', 'auditVerify', 'complianceReport'].map((name) => join(ROOT, 'server/src', `${name}.ts`))
const missing = entryPoints.find((file) => !existsSync(file))
if (missing) {
  console.error(`${missing} is missing: there is no server to build`)
  process.exit(1)
}
await bundle(entryPoints, join(ROOT, 'server/dist'), { packageFolder: join(ROOT, 'server') })
