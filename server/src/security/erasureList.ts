import { createHmac, hkdfSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'

/** One erased person: a random tombstone, and who it was for whoever holds the key and the person's old row. */
export interface ErasedPerson {
  readonly erasureId: string
  /** Hex HMAC-SHA-256 of the person's id: of no use without a backup that still has the person. */
  readonly personHash: string
}

/**
 * Remembers outside of the database and of its backups who was erased, so that a restored backup is erased again before it serves (domain
 * rules h 4). Append-only: one line per person, on the disk before it counts.
 */
export interface ErasureList {
  hashOf(personId: string): string
  append(entries: readonly ErasedPerson[]): Promise<void>
  /** Everything ever erased, in order. @throws when a line cannot be read: a list that is not understood must not be passed over */
  read(): Promise<ErasedPerson[]>
}

const fileName = 'erased.list'
const lineShape = /^([0-9a-f-]{36}) ([0-9a-f]{64})$/

/** @param folder null only outside of production: nothing is remembered then @param indexKey the key that no rotation changes */
export function createErasureList(folder: string | null, indexKey: Buffer): ErasureList {
  const key = Buffer.from(hkdfSync('sha256', indexKey, '', 'qihui erasure list', 32))
  const file = folder === null ? null : path.join(folder, fileName)
  return {
    hashOf: (personId) => createHmac('sha256', key).update(personId).digest('hex'),
    async append(entries) {
      if (file === null || entries.length === 0) return
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      const handle = await open(file, 'a', 0o600)
      try {
        await handle.write(entries.map(({ erasureId, personHash }) => `${erasureId} ${personHash}\n`).join(''))
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
    async read() {
      if (file === null || !existsSync(file)) return []
      const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
      return lines.map((line, index) => {
        const [, erasureId, personHash] = lineShape.exec(line) ?? []
        if (erasureId === undefined || personHash === undefined) throw new Error(`ERASURE_LIST_DIR: line ${index + 1} of ${fileName} cannot be read; restore the list before starting`)
        return { erasureId, personHash }
      })
    },
  }
}
