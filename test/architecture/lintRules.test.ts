/** The rules that read one file at a time: each is broken once on a path where it holds and kept once where it does not. */
import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: ROOT })

/** Names of the rules a text breaks when it stands at a path. */
async function broken(path: string, text: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: resolve(ROOT, path) })
  return (result?.messages ?? []).map(({ ruleId }) => ruleId)
}

const longFunction = (lines: number) => `export function long(): number {\n${'  void 0\n'.repeat(lines - 3)}  return 1\n}\n`

describe('rule 2: shared knows no clock, chance, network, environment, DOM or Node', () => {
  it.each([
    ['no-restricted-properties', 'export const now = Date.now()'],
    ['no-restricted-syntax', 'export const now = new Date()'],
    ['no-restricted-syntax', 'export const now = Date()'],
    ['no-restricted-properties', 'export const chance = Math.random()'],
    ['no-restricted-globals', 'export const pid = process.pid'],
    ['no-restricted-globals', `export const answer = fetch('/')`],
    ['no-restricted-globals', 'export const title = document.title'],
    ['no-restricted-globals', 'export const bytes = Buffer.alloc(1)'],
    ['no-restricted-globals', 'export const later = setTimeout'],
    ['no-restricted-globals', `console.log('x')`],
  ])('%s bites on %s', async (rule, text) => {
    expect(await broken('shared/src/tier/example.ts', `${text}\n`)).toContain(rule)
  })

  it('leaves a date made from an argument alone', async () => {
    expect(await broken('shared/src/tier/example.ts', 'export const day = (at: number) => new Date(at).getUTCDate()\n')).toEqual([])
  })
})

describe('rule 11: the environment is read in env.ts', () => {
  it.each([
    ['server/src/http/example.ts', 'export const port = process.env.PORT\n'],
    ['h5-sidebar/src/api/example.ts', 'export const mode = import.meta.env.MODE\n'],
    ['miniprogram/src/api/example.ts', 'export const mode = process.env.NODE_ENV\n'],
  ])('bites in %s', async (path, text) => {
    expect(await broken(path, text)).toContain('no-restricted-syntax')
  })

  it('allows env.ts', async () => {
    expect(await broken('server/src/env.ts', 'export const port = process.env.PORT\n')).toEqual([])
  })
})

describe('rule 14: sizes, and suppressions with a reason', () => {
  it('refuses a function of 71 lines and takes one of 70', async () => {
    expect(await broken('server/src/http/example.ts', longFunction(71))).toContain('max-lines-per-function')
    expect(await broken('server/src/http/example.ts', longFunction(70))).toEqual([])
  })

  it('refuses a file of 401 lines and takes one of 400', async () => {
    expect(await broken('server/src/http/example.ts', 'void 0\n'.repeat(401))).toContain('max-lines')
    expect(await broken('server/src/http/example.ts', 'void 0\n'.repeat(400))).not.toContain('max-lines')
  })

  it('refuses a suppression without its reason', async () => {
    const suppressed = (reason: string) => `/* eslint-disable no-var${reason} */\nexport var old = 1\n`
    expect(await broken('server/src/http/example.ts', suppressed(''))).toContain('house/suppression-has-reason')
    expect(await broken('server/src/http/example.ts', suppressed(' -- the vendor reads it by this name'))).toEqual([])
  })
})

describe('names', () => {
  it.each(['util', 'helper', 'manager', 'common', 'misc'])('refuses a file or folder called %s', async (name) => {
    for (const path of [`server/src/${name}.ts`, `server/src/${name}s/tier.ts`, `server/src/http/${name}.test.ts`]) {
      expect(await broken(path, 'export const one = 1\n'), path).toContain('house/no-empty-name')
    }
    const camelCase = `server/src/http/tier${name[0]?.toUpperCase()}${name.slice(1)}.ts`
    expect(await broken(camelCase, 'export const one = 1\n'), camelCase).toContain('house/no-empty-name')
  })

  it('takes a name that only contains such a word', async () => {
    expect(await broken('server/src/http/commonwealth.ts', 'export const one = 1\n')).toEqual([])
  })
})

describe('types', () => {
  it.each([
    ['@typescript-eslint/no-explicit-any', 'export const one: any = 1\n'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const one: string = 1\n'],
    ['@typescript-eslint/no-non-null-assertion', 'export const first = (list: string[]) => list[0]!\n'],
  ])('%s bites', async (rule, text) => {
    expect(await broken('server/src/http/example.ts', text)).toContain(rule)
  })
})
