const bounceKey = 'qihui.loginBounce'
/** Coming back from a login without a session this soon means that the login does not stick. */
const loopWindowMs = 60_000

/** Where the login goes and what it remembers; tests pass their own. */
export interface LoginSurroundings {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>
  go(address: string): void
  now(): number
}

/** The way to the login and back: at most one automatic bounce, then a person has to ask for it. */
export interface LoginBounce {
  /** Leaves for the login. False, and no move, when we have just come from there. */
  tryOnce(): boolean
  /** Leaves for the login because somebody pressed the button. */
  again(): void
  /** The session works: the next expiry may bounce again. */
  succeeded(): void
}

/** Full-page login by redirect (WeCom's OAuth has no other way inside the client). */
export function createLoginBounce({ storage, location, go, now }: LoginSurroundings): LoginBounce {
  const leave = () => {
    storage.setItem(bounceKey, String(now()))
    go(`/api/staff/oauth/start?returnTo=${encodeURIComponent(location.pathname + location.search + location.hash)}`)
  }
  return {
    tryOnce() {
      const last = Number(storage.getItem(bounceKey) ?? Number.NEGATIVE_INFINITY)
      if (now() - last < loopWindowMs) return false
      leave()
      return true
    },
    again: leave,
    succeeded: () => storage.removeItem(bounceKey),
  }
}
