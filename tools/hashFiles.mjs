/** One hash of many files, for whoever asks whether something changed. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} root
 * @param {readonly string[]} files relative to the root; name and content count, and that one is missing
 * @returns {string}
 */
export function hashFiles(root, files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(contentOf(join(root, file))).update('\0')
  return hash.digest('hex')
}

/** @param {string} path a file that was deleted is still listed by git until that is committed */
function contentOf(path) {
  try {
    return readFileSync(path)
  } catch {
    return 'cannot be read'
  }
}
