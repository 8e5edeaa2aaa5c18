import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import type { ChainHead } from '../../security/auditChain.ts'

const lineSchema = v.object({ day: v.pipe(v.string(), v.isoDate()), seq: v.pipe(v.number(), v.integer()), hash: v.string(), signedAt: v.string(), signature: v.string() })

/** A head as it was copied out; not believed before its signature is checked. */
export interface CopiedHead extends ChainHead {
  readonly signature: Buffer
}

/** Copies of signed heads outside the database. */
export interface HeadStore {
  keep(head: ChainHead, signature: Buffer): Promise<void>
  /** Every copy. A line that cannot be read counts as a forged head: seq 0. */
  read(): Promise<CopiedHead[]>
}

function readLine(line: string): CopiedHead {
  try {
    const { hash, signature, ...rest } = v.parse(lineSchema, JSON.parse(line))
    return { ...rest, hash: Buffer.from(hash, 'hex'), signature: Buffer.from(signature, 'base64url') }
  } catch {
    return { day: '', seq: 0, hash: Buffer.alloc(0), signedAt: '', signature: Buffer.alloc(0) }
  }
}

/**
 * One JSON line per head in `<folder>/audit-heads-<day>.jsonl`. The folder should be a place the database's administrator cannot write to.
 * @param folder null: nothing is copied to files, the log line is the copy
 */
export function createHeadStore(folder: string | null): HeadStore {
  return {
    async keep({ day, seq, hash, signedAt }, signature) {
      if (folder === null) return
      await mkdir(folder, { recursive: true })
      const line = JSON.stringify({ day, seq, hash: hash.toString('hex'), signedAt, signature: signature.toString('base64url') })
      await appendFile(path.join(folder, `audit-heads-${day}.jsonl`), `${line}\n`, { mode: 0o640 })
    },
    async read() {
      if (folder === null) return []
      const files = (await readdir(folder).catch(() => [])).filter((name) => /^audit-heads-.*\.jsonl$/.test(name)).sort()
      const heads: CopiedHead[] = []
      for (const file of files) {
        const lines = (await readFile(path.join(folder, file), 'utf8')).split('\n').filter((line) => line !== '')
        heads.push(...lines.map(readLine))
      }
      return heads
    },
  }
}
