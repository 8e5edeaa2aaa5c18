/** On a copy of the tools where nothing is installed, with a pnpm on PATH that writes down what it is asked. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ROOT } from './workspace.mjs'

const { packageManager, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { packageManager: string; scripts: Record<string, string> }

/** They install by themselves, or run what is built already without a package of this checkout. */
const ON_THEIR_OWN = ['start', 'dev', 'test', 'doctor', 'compliance:report', 'keys', 'audit:verify']

let root: string
let asked: string

const writePnpm = (installExit: number): void => {
  const path = join(root, 'bin/pnpm')
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${packageManager.replace('pnpm@', '')}; exit 0; fi\necho "$@" >> '${asked}'\necho 'the registry said no'\nexit ${installExit}\n`,
  )
  chmodSync(path, 0o755)
}
const install = () =>
  spawnSync(process.execPath, [join(root, 'tools/install.mjs')], { encoding: 'utf8', env: { PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH ?? ''}` } })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qihui-install-'))
  asked = join(root, 'asked')
  mkdirSync(join(root, 'bin'))
  mkdirSync(join(root, 'tools'))
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tools/install.mjs', 'tools/workspace.mjs', 'tools/command.mjs']) {
    cpSync(join(ROOT, file), join(root, file))
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('installs what the lockfile says, once, and leaves stdout to the command after it', () => {
  writePnpm(0)
  expect(install()).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining('Installing the dependencies') as string })
  expect(readFileSync(asked, 'utf8')).toBe('install --frozen-lockfile --prod=false\n')
  expect(install()).toMatchObject({ status: 0, stdout: '', stderr: '' })
  expect(readFileSync(asked, 'utf8').split('\n')).toHaveLength(2)
})

it('ends with 1 and what was said when that fails, and tries again the next time', () => {
  writePnpm(1)
  const first = install()
  expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 1, stdout: '' })
  expect(first.stderr).toMatch(/could not be installed \(is the npm registry reachable\?\)[^]*the registry said no/)
  expect(first.stderr).not.toContain('    at ')
  writePnpm(0)
  expect(install().status).toBe(0)
  expect(existsSync(join(root, 'node_modules/.qihui-install'))).toBe(true)
})

it.each(Object.keys(scripts).filter((name) => !ON_THEIR_OWN.includes(name)))('goes before npm run %s', (name) => {
  expect(scripts[name]).toMatch(/^node tools\/install\.mjs && /)
})
