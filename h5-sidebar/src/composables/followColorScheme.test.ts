import { describe, expect, it } from 'vitest'
import { followColorScheme } from './followColorScheme.ts'

function client(userAgent: string, isDark: boolean) {
  const query: { matches: boolean; onchange: (() => void) | null } = { matches: isDark, onchange: null }
  const attributes = new Map<string, string>()
  followColorScheme({
    navigator: { userAgent },
    matchMedia: () => query,
    document: { documentElement: { setAttribute: (name: string, value: string) => attributes.set(name, value) } },
  } as unknown as Window)
  return { query, theme: () => attributes.get('data-theme') }
}

describe('followColorScheme', () => {
  const cases: [string, boolean, string][] = [
    ['wxwork/4.1.36', false, 'light'],
    ['wxwork/4.1.36', true, 'dark'],
    ['wxwork/4.1.36 ColorScheme/Dark', false, 'dark'],
    ['wxwork/4.1.36 ColorScheme/Light', true, 'light'],
  ]
  it.each(cases)('%s with a dark system %s is %s', (userAgent, isDark, expected) => {
    expect(client(userAgent, isDark).theme()).toBe(expected)
  })

  it('follows the system when it changes', () => {
    const { query, theme } = client('wxwork/4.1.36', false)
    query.matches = true
    query.onchange?.()
    expect(theme()).toBe('dark')
  })
})
