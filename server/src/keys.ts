import { randomBytes } from 'node:crypto'
import { createServices } from './createServices.ts'
import { EnvError, readEnv, type Env } from './env.ts'
import { restartRotation, rotateFieldKeys } from './modules/field-key/commands.ts'
import { getFieldKeyStatus } from './modules/field-key/queries.ts'
import { openKeyring } from './security/openKeyring.ts'
import { createTencentKms } from './security/tencentKms.ts'
import type { Services } from './services.ts'

const usage = 'Use: keys status (which versions are in use), keys rotate (re-wrap under the newest), keys new (an entry for FIELD_KEYS)\n'

async function printStatus(services: Services): Promise<void> {
  process.stdout.write(`current version: ${services.cipher.currentVersion}\n`)
  for (const { place, counts, rewrapped, unreadable, isFinished } of await getFieldKeyStatus(services)) {
    const versions = counts.map(({ version, count }) => `v${version}: ${count}`).join(', ') || 'empty'
    process.stdout.write(`${place.padEnd(36)} ${versions}; re-wrapped ${rewrapped}${unreadable > 0 ? `, unreadable ${unreadable}` : ''}${isFinished ? ', finished' : ''}\n`)
  }
}

/** The next version's entry, wrapped by the key service where there is one; the key itself is shown nowhere else. */
async function printNewKey(env: Env): Promise<void> {
  const version = Math.max(...env.fieldKeys.keys()) + 1
  const key = randomBytes(32)
  const kms = env.tencentKms && createTencentKms(env.tencentKms)
  process.stdout.write(`${version}:${kms ? `kms:${(await kms.wrap(key)).toString('base64')}` : key.toString('base64')}\n`)
}

/** The key versions of this deployment: look, rotate, make a new one (R60). Ctrl-C ends a rotation between two batches. */
async function keys(): Promise<boolean> {
  const [, , verb] = process.argv
  const env = readEnv()
  if (verb === 'new') {
    await printNewKey(env)
    return true
  }
  if (verb !== 'status' && verb !== 'rotate') {
    process.stderr.write(usage)
    return false
  }
  const keyring = await openKeyring(env.fieldKeys, env.tencentKms && createTencentKms(env.tencentKms))
  const services = createServices(env, { keyring, logTo: { write: () => {} } })
  try {
    if (verb === 'rotate') {
      const controller = new AbortController()
      process.once('SIGINT', () => controller.abort())
      await restartRotation(services)
      const { rewrapped, unreadable, isFinished } = await rotateFieldKeys(services, controller.signal)
      process.stdout.write(`${rewrapped} values re-wrapped, ${unreadable} unreadable${isFinished ? '' : '; interrupted, run it again to go on'}\n`)
    }
    await printStatus(services)
    return true
  } finally {
    await services.db.close()
  }
}

keys().then(
  (isDone) => {
    process.exitCode = isDone ? 0 : 1
  },
  (error: unknown) => {
    const lines = error instanceof EnvError ? error.lines : [error instanceof Error ? error.message : String(error)]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exitCode = 1
  },
)
