/** Real files in a folder of their own and a clock of our own: what counts as unchanged, and what never does. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runGates } from './runGates.mjs'
import type { Gate } from './stages.mjs'
import { openRecords } from './unchanged.mjs'

const DAY_MS = 86_400_000
const EVENING = new Date(2026, 10, 23, 21, 4).getTime()

let root: string
let now: number
let env: NodeJS.ProcessEnv
let runs: number
let failed: number
let whileItRuns: () => void

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qihui-unchanged-'))
  write('.gitignore', 'dist/\n.data/\nnode_modules/\n')
  write('package.json', '{}')
  write('README.md', 'Read me')
  write('tools/seed.mjs', 'export const seed = process.env.FAULT_SEED ?? process.env.PATH ?? process.env.npm_config_seed')
  write('shared/src/tier.ts', 'export const tier = 1')
  write('shared/src/tier.test.ts', 'export const test = 1')
  write('server/src/main.ts', 'export const main = 1')
  write('shared/dist/main.js', 'built')
  write('node_modules/.pnpm/lock.yaml', 'vue: 1')
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  execFileSync('git', ['add', '.'], { cwd: root })
  now = EVENING
  env = { PATH: process.env.PATH ?? '' }
  runs = 0
  failed = 0
  whileItRuns = () => {}
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { recursive: true })
})

/** One run of a gate that reads `shared` and what was built of it. */
function run({ isReusing = true, rest = {} as Partial<Gate> } = {}) {
  const gate: Gate = {
    name: 'unit-shared', group: 'unit', title: 'unit tests of shared', reads: ['shared'], products: ['shared/dist'], ...rest,
    async run() {
      runs += 1
      whileItRuns()
      return { passed: 312, failed, problems: [] }
    },
  }
  return runGates([gate], openRecords({ root, folder: join(root, '.data/green'), env, now: () => now }), { isReusing })
}

it('does not run again what is unchanged, counts it and says since when', async () => {
  const lines = vi.spyOn(console, 'log')
  await run()
  now += DAY_MS / 2
  expect(await run()).toEqual({ passed: 312, failed: 0, unchanged: 312 })
  expect(runs).toBe(1)
  expect(lines.mock.lastCall).toEqual(['✓ unit tests of shared — 312 passed, unchanged since 23 Nov 21:04'])
})

it.each<[string, () => void]>([
  ['a source', () => write('shared/src/tier.ts', 'export const tier = 2')],
  ['a test', () => write('shared/src/tier.test.ts', 'export const test = 2')],
  ['a new file that git does not know yet', () => write('shared/src/new.ts', '')],
  ['a file that is gone', () => rmSync(join(root, 'shared/src/tier.test.ts'))],
  ['a setting at the root', () => write('package.json', '{ "type": "module" }')],
  ['the manifest of another package', () => write('server/package.json', '{ "type": "module" }')],
  ['a tool', () => write('tools/seed.mjs', '')],
  ['what was built', () => write('shared/dist/main.js', 'built anew')],
  ['what is installed', () => write('node_modules/.pnpm/lock.yaml', 'vue: 2')],
])('runs again after a change of %s', async (_, change) => {
  await run()
  change()
  await run()
  expect(runs).toBe(2)
})

it('is not moved by a package it does not read, nor by a document', async () => {
  await run()
  write('server/src/main.ts', 'export const main = 2')
  write('README.md', 'Read me twice')
  await run()
  expect(runs).toBe(1)
  await run({ rest: { reads: ['.'] } })
  write('README.md', 'Read me thrice')
  await run({ rest: { reads: ['.'] } })
  expect(runs).toBe(3)
})

it('runs again with another variable that a file names or Node reads, whatever the terminal sets', async () => {
  await run()
  env = { ...env, WINDOW: '7', npm_config_seed: '7', PATH: '/elsewhere:/usr/bin:/bin' }
  await run()
  expect(runs).toBe(1)
  env = { ...env, FAULT_SEED: '7' }
  await run()
  expect(runs).toBe(2)
  env = { ...env, FAULT_SEED: '8' }
  await run()
  expect(runs).toBe(3)
  env = { ...env, TZ: 'Asia/Shanghai' }
  await run()
  expect(runs).toBe(4)
})

it('runs again what failed, although it was green before', async () => {
  await run()
  failed = 1
  await run({ isReusing: false })
  await run()
  failed = 0
  await run()
  expect(runs).toBe(4)
  await run()
  expect(runs).toBe(4)
})

it('runs again what was interrupted, although it was green before', async () => {
  await run()
  whileItRuns = () => { throw new Error('interrupted') }
  await expect(run({ isReusing: false })).rejects.toThrow('interrupted')
  whileItRuns = () => {}
  await run()
  expect(runs).toBe(3)
})

it('runs again after a day, and when the clock went back', async () => {
  await run()
  now += DAY_MS - 1
  await run()
  expect(runs).toBe(1)
  now += 1
  await run()
  expect(runs).toBe(2)
  now -= 1
  await run()
  expect(runs).toBe(3)
})

it('keeps nothing of a gate during which somebody edited', async () => {
  whileItRuns = () => write('shared/src/tier.ts', 'export const tier = 2')
  await run()
  whileItRuns = () => {}
  write('shared/src/tier.ts', 'export const tier = 1')
  await run()
  expect(runs).toBe(2)
  await run()
  expect(runs).toBe(2)
})

it('runs everything when it is asked to, and remembers that too', async () => {
  await run({ isReusing: false })
  expect(await run({ isReusing: false })).toEqual({ passed: 312, failed: 0, unchanged: 0 })
  expect(runs).toBe(2)
  await run()
  expect(runs).toBe(2)
})

it('runs each time what does not say what it reads', async () => {
  await run({ rest: { reads: undefined } })
  await run({ rest: { reads: undefined } })
  expect(runs).toBe(2)
})

it('runs everything where there is no git, in a folder of somebody else’s checkout, and where git fails', async () => {
  const outer = root
  root = join(outer, 'unpacked')
  write('shared/src/tier.ts', 'export const tier = 1')
  await run()
  await run()
  root = outer
  expect(runs).toBe(2)
  rmSync(join(root, '.git'), { recursive: true })
  await run()
  await run()
  expect(runs).toBe(4)
  mkdirSync(join(root, '.git'))
  await run()
  await run()
  expect(runs).toBe(6)
})
