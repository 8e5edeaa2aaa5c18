import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { migrate, migrationsFolder } from '../db/migrate.ts'

/** Serialises the making of the template between test processes. */
const templateLock = 7_240_522

function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.toString()
}

function templateName(folder: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, file)))
  return `qihui_template_${hash.digest('hex').slice(0, 12)}`
}

async function ensureTemplate(admin: pg.Client, adminUrl: string, name: string, folder: string): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [templateLock])
  try {
    const found = await admin.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (found.rowCount) return
    await admin.query(`drop database if exists ${name}`)
    await admin.query(`create database ${name}`)
    await migrate(databaseUrl(adminUrl, name), folder)
    await admin.query(`alter database ${name} is_template true`)
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [templateLock])
  }
}

/** An empty, migrated database of its own on the cluster of `TEST_DATABASE_URL`; dropped by `drop`. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const adminUrl = process.env.TEST_DATABASE_URL
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: run database tests through "pnpm test:db"')
  const folder = migrationsFolder(import.meta.url.replace('/testing/', '/db/'))
  const template = templateName(folder)
  const name = `test_${randomBytes(8).toString('hex')}`
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await ensureTemplate(admin, adminUrl, template, folder)
    await admin.query(`create database ${name} template ${template}`)
  } finally {
    await admin.end()
  }
  return {
    url: databaseUrl(adminUrl, name),
    async drop() {
      const client = new pg.Client({ connectionString: adminUrl })
      await client.connect()
      await client.query(`drop database if exists ${name} with (force)`)
      await client.end()
    },
  }
}
