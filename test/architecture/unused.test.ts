/** Rule 13: nothing unused. The checker runs with our own settings on a small workspace; on the real one it is a gate of its own. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { writeTree } from './writeTree.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** One line per finding: `exports server/src/parts.ts forgotten`. */
function knip(root: string): readonly string[] {
  const { stdout, stderr } = spawnSync(resolve(ROOT, 'node_modules/.bin/knip'), ['--no-progress', '--no-config-hints', '--reporter', 'json'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  const { issues } = JSON.parse(stdout) as { issues: Record<string, string | { name: string }[]>[] }
  return issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) => (Array.isArray(found) ? found.map(({ name }) => `${kind} ${String(file)} ${name}`) : [])),
  )
}

it('rule 13 bites on an unused file, export and dependency', () => {
  const root = writeTree(
    {
      'package.json': JSON.stringify({ name: 'qihui', private: true, type: 'module' }),
      'pnpm-workspace.yaml': 'packages: [shared, server]\n',
      'knip.json': readFileSync(resolve(ROOT, 'knip.json'), 'utf8'),
      'shared/src/tier/index.ts': 'export const tierFor = 1\n',
      'server/package.json': JSON.stringify({
        name: '@qihui/server',
        type: 'module',
        dependencies: { koa: '1.0.0', lodash: '1.0.0', '@qihui/shared': 'workspace:*' },
      }),
      'server/src/main.ts': `import Koa from 'koa'\nimport { tierFor } from '@qihui/shared/tier'\nimport { used } from './parts.ts'\nnew Koa(used, tierFor)\n`,
      'server/src/parts.ts': 'export const used = 1\nexport const forgotten = 2\n',
      'server/src/rubbish.ts': 'export const rubbish = 1\n',
    },
    ['koa', 'lodash'],
  )
  const found = knip(root)
  rmSync(root, { recursive: true, force: true })
  expect([...found].sort()).toEqual([
    'dependencies server/package.json lodash',
    'exports server/src/parts.ts forgotten',
    'files server/src/rubbish.ts server/src/rubbish.ts',
  ])
})
