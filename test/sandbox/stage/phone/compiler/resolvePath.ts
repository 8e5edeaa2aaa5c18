import { posix } from 'node:path'

/** Resolves a path of a mini-program file against the file that names it; a leading `/` means the build's root. */
export function resolvePath(path: string, fromFile: string): string {
  if (path.startsWith('/')) return posix.normalize(path.slice(1))
  return posix.normalize(posix.join(posix.dirname(fromFile), path))
}
