import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'

describe('log', () => {
  it('says what failed without the values that errors quote', () => {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => void lines.push(line) })
    const error = Object.assign(new Error('duplicate +8613800001111 for oGZUI0egBJY1zhBYw2KhdUfwVJJE'), {
      code: '23505', constraint: 'member_pkey', detail: 'Key (phone)=(13800001111)', parameters: ['13800001111'],
    })
    log.error({ err: error }, 'request failed')
    const text = lines.join('')
    expect(text).not.toMatch(/138|oGZUI/)
    expect(JSON.parse(text)).toMatchObject({ err: { type: 'Error', code: '23505', constraint: 'member_pkey' }, msg: 'request failed' })
  })
})
