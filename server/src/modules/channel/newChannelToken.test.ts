import { channelTokenSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { newChannelToken } from './newChannelToken.ts'

describe('newChannelToken', () => {
  it('always has the shape the contracts ask for and never repeats', () => {
    const tokens = Array.from({ length: 2000 }, newChannelToken)
    expect(tokens.filter((token) => !v.is(channelTokenSchema, token))).toEqual([])
    expect(new Set(tokens).size).toBe(2000)
  })
})
