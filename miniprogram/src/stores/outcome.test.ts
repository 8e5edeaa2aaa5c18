import { errorCatalogue, type ErrorCode } from '@qihui/shared/errors'
import { registerMember } from '@qihui/shared/member'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../api/ApiError.ts'
import { obstacleWords } from '../pages/register/obstacles.ts'
import { outcomeOf, wrongAnswers } from './outcome.ts'

describe('outcomeOf', () => {
  it.each(registerMember.errors.filter((code) => code !== 'vendor.unavailable'))('knows %s, which registration may answer', (code) => {
    expect(outcomeOf(new ApiError(code)).obstacle).not.toBe('serverDown')
  })

  it.each(['server.internal', 'server.unavailable', 'vendor.unavailable', 'request.invalid'] satisfies ErrorCode[])('keeps the attempt after %s', (code) => {
    expect(outcomeOf(new ApiError(code))).toEqual({ obstacle: 'serverDown', fate: 'repeat' })
  })

  it('keeps the attempt when no answer came', () => {
    expect(outcomeOf(new ApiError('network.unreachable'))).toEqual({ obstacle: 'offline', fate: 'repeat' })
  })

  it('lets go of a phone code that the server has used up or refused', () => {
    for (const code of ['phone.codeInvalid', 'phone.invalid', 'phone.quotaExhausted'] as const) expect(outcomeOf(new ApiError(code)).fate).toBe('discardPhone')
  })
})

describe('wrongAnswers', () => {
  it('names the answers a refusal is about, and nothing else', () => {
    const fields = [{ path: 'body.answers.birthday', message: '看不懂这个日期' }, { path: 'body.visitId', message: '必须是 UUID' }]
    expect(wrongAnswers(new ApiError('request.invalid', fields))).toEqual([{ key: 'birthday', message: '看不懂这个日期' }])
    expect(wrongAnswers(new ApiError('server.internal', fields))).toEqual([])
    expect(wrongAnswers(new Error('lost'))).toEqual([])
  })
})

describe('obstacleWords', () => {
  it.each(Object.entries(obstacleWords))('says %s without a code, with one action', (_, { title, detail, action }) => {
    for (const words of [title, detail, action]) {
      expect(words).toMatch(/[\u4e00-\u9fff]/)
      expect(words).not.toMatch(/[A-Za-z0-9]/)
    }
    for (const code of Object.keys(errorCatalogue)) expect(title + detail).not.toContain(code)
  })
})
