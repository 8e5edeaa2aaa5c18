import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files of a small workspace by path; content as text. */
export type Tree = Readonly<Record<string, string>>

/**
 * Writes a workspace shaped like ours into a fresh temporary folder: `@qihui/shared` is linked as pnpm links it, and every
 * package named in `packages` exists in node_modules. Returns the folder.
 */
export function writeTree(tree: Tree, packages: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'qihui-architecture-')))
  const shared = { name: '@qihui/shared', version: '1.0.0', type: 'module', exports: { './*': './src/*/index.ts' } }
  write(root, 'shared/package.json', JSON.stringify(shared))
  for (const name of packages) {
    write(root, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(root, `node_modules/${name}/index.js`, 'module.exports = {}\n')
  }
  mkdirSync(join(root, 'node_modules/@qihui'), { recursive: true })
  symlinkSync(join(root, 'shared'), join(root, 'node_modules/@qihui/shared'))
  for (const [path, content] of Object.entries(tree)) write(root, path, content)
  return root
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
