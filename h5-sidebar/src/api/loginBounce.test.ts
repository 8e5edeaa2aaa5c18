import { beforeEach, describe, expect, it } from 'vitest'
import { createLoginBounce } from './loginBounce.ts'

describe('createLoginBounce', () => {
  const world = { now: 0, visited: [] as string[] }
  const location = { pathname: '/sidebar/', search: '', hash: '#/contacts/wmSIM01' }
  const bounce = () => createLoginBounce({ storage: sessionStorage, location, go: (to) => world.visited.push(to), now: () => world.now })

  beforeEach(() => {
    sessionStorage.clear()
    world.now = 1_000_000
    world.visited = []
  })

  it('leaves for the login with the way back, path and fragment', () => {
    expect(bounce().tryOnce()).toBe(true)
    expect(world.visited).toEqual(['/api/staff/oauth/start?returnTo=%2Fsidebar%2F%23%2Fcontacts%2FwmSIM01'])
  })

  it('stays when it has just come back without a session', () => {
    bounce().tryOnce()
    world.now += 5_000
    expect(bounce().tryOnce()).toBe(false)
    expect(world.visited).toHaveLength(1)
  })

  it('leaves again when a person asks, when the login had worked, and when the last bounce is long ago', () => {
    bounce().tryOnce()
    bounce().again()
    expect(world.visited).toHaveLength(2)
    bounce().succeeded()
    expect(bounce().tryOnce()).toBe(true)
    world.now += 60_000
    expect(bounce().tryOnce()).toBe(true)
  })
})
