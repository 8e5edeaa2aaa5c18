import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { connectOnce } from './connectOnce.ts'

/** Arbitrary but fixed: every process that migrates this database waits for the same lock. */
const migrationLock = 7_240_521

/** `server/migrations`, from the source tree and from the bundle alike (both are one level below the package). */
export function migrationsFolder(from: string): string {
  return path.resolve(path.dirname(fileURLToPath(from)), from.includes('/src/db/') ? '../../migrations' : '../migrations')
}

/** Brings the schema up to date. Several processes may start at once: one migrates, the others wait and find nothing to do. */
export async function migrate(url: string, folder: string): Promise<void> {
  const client = await connectOnce(url)
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'schema_migration',
      noLock: true,
      log: () => {},
    })
  } finally {
    await client.end()
  }
}
