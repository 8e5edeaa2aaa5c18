import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTestDatabase } from '@qihui/server/src/testing/createTestDatabase.ts'
import { freePorts } from '../factories/freePorts.ts'

/** The product as `npm start` brings it up, on its own port, with an empty database. */
export interface RunningProduct {
  /** The one address, without a trailing slash. */
  readonly url: string
  /** Ends it as Ctrl-C does and removes its data. @throws when it does not end cleanly. */
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const startTimeoutMs = 170_000

function ended(child: ChildProcess): Promise<number | null> {
  // Who was ended by a signal has no code.
  const isRunning = child.exitCode === null && child.signalCode === null
  return isRunning ? new Promise((done) => child.once('exit', done)) : Promise.resolve(child.exitCode)
}

function waitForAddress(child: ChildProcess, url: string): Promise<void> {
  return new Promise((done, fail) => {
    let output = ''
    const timer = setTimeout(() => fail(new Error(`npm start did not print its address in time:\n${output}`)), startTimeoutMs)
    const listen = (part: Buffer): void => {
      output += part.toString()
      if (!output.includes(`${url}/stage/`)) return
      clearTimeout(timer)
      done()
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(new Error(`npm start ended with ${code}:\n${output}`))
    })
  })
}

export interface ProductOptions {
  /** Nothing is set, as on a fresh checkout: `npm start` makes its own cluster and the whole schema. Else it gets a migrated database. */
  readonly hasOwnCluster?: boolean
}

/** Starts the product on a fresh database; it is ready when this resolves. */
export async function startProduct({ hasOwnCluster = false }: ProductOptions = {}): Promise<RunningProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qihui-e2e-'))
  const database = hasOwnCluster ? null : await createTestDatabase()
  const port = await freePorts(3)
  const url = `http://localhost:${port}`
  const environment: NodeJS.ProcessEnv = { ...process.env, PORT: String(port), QIHUI_DATA_DIR: dataDir, NODE_ENV: 'development' }
  delete environment['DATABASE_URL']
  if (database !== null) environment['DATABASE_URL'] = database.url
  const child = spawn(process.execPath, ['tools/start.mjs'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    await waitForAddress(child, url)
  } catch (error) {
    child.kill('SIGTERM')
    await ended(child)
    await database?.drop()
    throw error
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      const code = await ended(child)
      await database?.drop()
      await rm(dataDir, { recursive: true, force: true })
      if (code !== 0) throw new Error(`npm start ended with ${code} after Ctrl-C, not 0`)
    },
  }
}
