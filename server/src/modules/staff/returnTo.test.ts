import { AppError } from '@qihui/shared/errors'
import { describe, expect, it } from 'vitest'
import { ownPath } from './returnTo.ts'

const publicUrl = 'https://member.example.com'

describe('ownPath', () => {
  it.each([
    [undefined, '/sidebar/'],
    ['', '/sidebar/'],
    ['/sidebar/?x=1#/contact', '/sidebar/?x=1#/contact'],
    ['/console/', '/console/'],
    ['/a/../sidebar/', '/sidebar/'],
  ])('leads %j to %s', (returnTo, expected) => {
    expect(ownPath(returnTo, publicUrl)).toBe(expected)
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'sidebar', '/api/staff/logout', '/x/../api/y', `/${'a'.repeat(600)}`])(
    'refuses %j',
    (returnTo) => {
      expect(() => ownPath(returnTo, publicUrl)).toThrow(AppError)
    },
  )
})
