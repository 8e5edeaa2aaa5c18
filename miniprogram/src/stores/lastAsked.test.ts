import { describe, expect, it } from 'vitest'
import { mayPut, notePut } from './lastAsked.ts'

const at = Date.parse('2026-11-22T03:00:00Z')
const day = 24 * 60 * 60 * 1000

describe('mayPut', () => {
  it('allows the first question and then rests for 30 days', () => {
    expect(mayPut(at)).toBe(true)
    notePut(at)
    expect(mayPut(at + 1)).toBe(false)
    expect(mayPut(at + 30 * day - 1)).toBe(false)
    expect(mayPut(at + 30 * day)).toBe(true)
  })

  it.each(['text', 7, { at: 'never' }, {}])('asks when what is stored says nothing: %j', (stored) => {
    wx.setStorageSync('qihui.lastAsked', stored)
    expect(mayPut(at)).toBe(true)
  })
})
