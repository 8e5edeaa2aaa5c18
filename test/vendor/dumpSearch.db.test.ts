import { readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { call, join } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

/** DUMP_PEOPLE=1000 is the size of the promise (trust test 36). */
const people = Number(process.env.DUMP_PEOPLE ?? 25)
const patiently = { timeout: 60_000, interval: 100 }
const started = Date.now()

let product: RunningServer
beforeAll(async () => {
  product = await startServer({ withWorker: true, peopleCount: people + 100 })
})
afterAll(() => product.close())

/** Every table of every schema as text, as a dump has it. */
async function dump(): Promise<string> {
  const { pool } = product.services.db
  const { rows: tables } = await pool.query<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
  const parts = await Promise.all(tables.map(async ({ name }) => (await pool.query<{ line: string }>(`select t::text as line from ${name} t`)).rows.map(({ line }) => line).join('\n')))
  return parts.join('\n')
}

/** What was written to the folder for temporary files meanwhile, by whomever. */
async function temporaryFiles(): Promise<string> {
  const texts: string[] = []
  for (const name of await readdir(tmpdir())) {
    const file = path.join(tmpdir(), name)
    const found = await stat(file).catch(() => null)
    if (found?.isFile() && found.mtimeMs >= started && found.size < 5_000_000) texts.push(await readFile(file, 'latin1').catch(() => ''))
  }
  return texts.join('\n')
}

it('no phone, name or remark of anybody is in a full dump, in the logs or in temporary files', async () => {
  const { world } = product.sandbox
  const everybody = Array.from({ length: people + 60 }, (_unused, index) => `p${String(index + 1).padStart(3, '0')}`).map((id) => world.person(id))
  const canaries = everybody.filter((person) => person.type === 1 && person.phone !== null && person.unionId !== null).slice(0, people)
  for (const person of canaries) {
    await join(product, person.personId)
    if (!world.relations().some((relation) => relation.personId === person.personId && relation.staffUserId === 'rep.li')) await world.addContact({ personId: person.personId, staffUserId: 'rep.li' })
  }
  const mirrored = () => product.services.db.pool.query<{ count: number }>('select count(*)::int as count from external_contact where external_user_id = any($1)', [canaries.map(({ externalUserId }) => externalUserId)])
  await vi.waitFor(async () => expect((await mirrored()).rows[0]?.count).toBe(canaries.length), patiently)
  const cookie = await staffCookieOf(product, 'rep.li')
  for (const person of canaries.slice(0, 10)) await call(product, 'GET', `/api/sidebar/contacts/${person.externalUserId}`, { cookie })

  const places = { dump: await dump(), log: product.logLines.join('\n'), files: await temporaryFiles() }
  expect(places.dump.length).toBeGreaterThan(canaries.length * 500)
  const staffNames = new Set(world.staff.map(({ name }) => name))
  const words = canaries.flatMap(({ phone, name }) => [phone ?? '', ...(staffNames.has(name) || name.length < 2 ? [] : [name])])
  // A dump shows bytes as hexadecimal digits.
  const spellings = words.flatMap((word) => [word, Buffer.from(word).toString('hex'), Buffer.from(word).toString('base64').replace(/=+$/, '')])
  const hits = Object.entries(places).flatMap(([place, text]) => spellings.filter((spelling) => spelling.length > 1 && text.includes(spelling)).map((spelling) => `${place}: ${spelling}`))
  expect(hits).toEqual([])
  expect(words.length).toBeGreaterThanOrEqual(people)
}, 600_000)
