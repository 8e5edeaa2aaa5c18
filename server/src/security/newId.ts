import { V7Generator } from 'uuidv7'
import { pooledRandomBytes } from './randomPool.ts'

const generator = new V7Generator({ nextUint32: () => pooledRandomBytes(4).readUInt32LE() })

/** A UUID of version 7: ordered by time, made by the application so that one statement can write rows that refer to each other. */
export function newId(): string {
  return generator.generate().toString()
}
