import { V7Generator } from 'uuidv7'
import { pooledRandomUint32 } from './randomPool.ts'

const generator = new V7Generator({ nextUint32: pooledRandomUint32 })

/** A UUID of version 7: ordered by time, made by the application so that one statement can write rows that refer to each other. */
export function newId(): string {
  return generator.generate().toString()
}
