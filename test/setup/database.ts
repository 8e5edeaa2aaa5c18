/**
 * Gives a test run its own PostgreSQL when TEST_DATABASE_URL names none: a throw-away cluster of the major in
 * TEST_POSTGRES_MAJOR (18, or 15 the floor). Only the durability that tests cannot see is switched off.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { startPostgres } from '../../tools/postgres.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = resolve(ROOT, '.data/test')
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL) return undefined
  const major = postgresMajor(process.env.TEST_POSTGRES_MAJOR ?? '18')
  await removeLeftovers()
  const dataDir = resolve(FOLDER, `pg${major}-${process.pid}`)
  const postgres = await startPostgres({ dataDir, major, settings: SETTINGS })
  process.env.TEST_DATABASE_URL = postgres.url
  return async () => {
    delete process.env.TEST_DATABASE_URL
    await postgres.stop()
    remove(dataDir)
  }
}

function postgresMajor(text: string): 15 | 18 {
  if (text === '15') return 15
  if (text === '18') return 18
  throw new Error(`TEST_POSTGRES_MAJOR is "${text}": use 18 or 15`)
}

/** A killed run leaves its cluster running; the folder's name says whose it was. */
async function removeLeftovers(): Promise<void> {
  if (!existsSync(FOLDER)) return
  for (const name of readdirSync(FOLDER)) {
    const match = /^pg(15|18)-(\d+)$/.exec(name)
    if (!match?.[1] || !match[2] || isAlive(Number(match[2]))) continue
    const dataDir = resolve(FOLDER, name)
    if (existsSync(resolve(dataDir, 'postmaster.pid'))) {
      const leftover = await startPostgres({ dataDir, major: postgresMajor(match[1]), settings: SETTINGS })
      await leftover.stop({ isForced: true })
    }
    remove(dataDir)
  }
}

function remove(dataDir: string): void {
  for (const path of [dataDir, `${dataDir}.log`]) rmSync(path, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
