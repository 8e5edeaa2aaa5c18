import { createHmac, createPrivateKey, createPublicKey, createSecretKey, hkdfSync, sign, verify } from 'node:crypto'

/** Where a day's chain begins. */
export const chainStart = Buffer.alloc(32)

/** The last link of a day at some moment. */
export interface ChainHead {
  readonly day: string
  readonly seq: number
  readonly hash: Buffer
  readonly signedAt: string
}

/** The audit's hash chain and the signature of its heads (R61, P8); keys of its own, which live outside the database. */
export interface AuditChain {
  /** HMAC-SHA-256 over the link before and the text of this row. */
  link(previous: Buffer, text: string): Buffer
  /** Ed25519, so that an auditor who holds only the public key can check a copied head. */
  signHead(head: ChainHead): Buffer
  isSignedByUs(head: ChainHead, signature: Buffer): boolean
  /** PEM; for the auditor. */
  readonly publicKey: string
}

/** RFC 8410: an Ed25519 private key is this header and its 32 bytes. */
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex')

function headText({ day, seq, hash, signedAt }: ChainHead): Buffer {
  return Buffer.from(`qihui audit head|${day}|${seq}|${hash.toString('hex')}|${signedAt}`)
}

/** @param auditKey 32 bytes of its own, or null: derived from the index key, which no rotation changes */
export function createAuditChain(auditKey: Buffer | null, indexKey: Buffer): AuditChain {
  const root = auditKey ?? Buffer.from(hkdfSync('sha256', indexKey, '', 'qihui audit', 32))
  const chainKey = createSecretKey(Buffer.from(hkdfSync('sha256', root, '', 'qihui audit chain', 32)))
  const seed = Buffer.from(hkdfSync('sha256', root, '', 'qihui audit head', 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Header, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return {
    link: (previous, text) => createHmac('sha256', chainKey).update(previous).update(text).digest(),
    signHead: (head) => sign(null, headText(head), privateKey),
    isSignedByUs: (head, signature) => verify(null, headText(head), publicKey, signature),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }
}
