import { AppError } from '@qihui/shared/errors'
import { describe, expect, it } from 'vitest'
import { describeFailure } from './describeFailure.ts'

describe('the note of a failed run', () => {
  it.each([
    ['a phone', new Error('no such number 13812345678'), '13812345678'],
    ['a value in double quotes', new Error('invalid input syntax for type uuid: "张晓明"'), '张晓明'],
    ['a value in single quotes', new Error("unexpected token '王' in JSON"), '王'],
    ['a token', new Error('refused wc_9f8e7d6c5b4a39281706f5e4d3c2b1a0'), '9f8e7d6c5b4a39281706f5e4d3c2b1a0'],
  ])('holds no %s', (_name, error, secret) => {
    expect(error.message).toContain(secret)
    expect(JSON.stringify(describeFailure(error))).not.toContain(secret)
  })

  it('keeps what tells the cause: the code, and names of the database', () => {
    expect(describeFailure(new AppError('vendor.unavailable', '企业微信暂时无法完成该操作（错误码 45009）'))).toEqual({ type: 'AppError', code: 'vendor.unavailable', message: '企业微信暂时无法完成该操作（错误码 45009）' })
    expect(describeFailure(new Error('relation "member" does not exist')).message).toBe('relation "member" does not exist')
    expect(describeFailure('nothing').message).toBe('nothing')
  })

  it('is short', () => {
    expect(describeFailure(new Error('a '.repeat(1000))).message.length).toBeLessThanOrEqual(300)
  })
})
