/** What production is started from says the same as the code: settings, services, and nothing of the sandbox. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly environment: Readonly<Record<string, string>>; readonly env_file?: string }>>
}

it('lists every setting of the server in .env.example, each below a comment, and no other', () => {
  const wanted = [...read('server/src/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1])
  const lines = read('.env.example').split('\n')
  const listed = lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? [])
  expect(wanted.length).toBeGreaterThan(20)
  // The database's password belongs to compose.yaml; the server gets it inside DATABASE_URL.
  expect([...new Set(listed)].sort()).toEqual([...new Set([...wanted, 'POSTGRES_PASSWORD'])].sort())
  const blockStarts = lines.filter((line, index) => /^[A-Z_]+=/.test(line) && !/^[A-Z_]+=/.test(lines[index - 1] ?? ''))
  for (const start of blockStarts) expect(lines[lines.indexOf(start) - 1], start).toMatch(/^# /)
})

it('starts web, worker and PostgreSQL from one image and one settings file', () => {
  const { services } = parse(read('compose.yaml'), { merge: true }) as Compose
  expect(Object.keys(services).sort()).toEqual(['database', 'web', 'worker'])
  expect([services.web?.environment.PROCESS_ROLE, services.worker?.environment.PROCESS_ROLE]).toEqual(['web', 'worker'])
  for (const name of ['web', 'worker']) {
    expect(services[name]).toMatchObject({ env_file: '.env', environment: { NODE_ENV: 'production' } })
    expect(services[name]?.environment.DATABASE_URL).toContain('@database:5432/')
  }
  expect(services.database?.image).toMatch(/^postgres:1[5-9]/)
})

it('copies neither sandbox nor tests into the image', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?:--from=\S+ )?(\S+)/gm)].map((match) => match[1] ?? '')
  expect(copied.length).toBeGreaterThan(10)
  expect(copied.filter((path) => /(^|\/)(test|sandbox)(\/|$)/.test(path))).toEqual([])
  expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['*', '**/*.test.ts']))
})
