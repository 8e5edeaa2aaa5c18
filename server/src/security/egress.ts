/** Where a host keeps what it is sent. `self`: this machine or our own address. Anything but these two needs a legal review (R64). */
export type EgressRegion = string
export const mainland = 'cn-mainland'
const self = 'self'

/** One host the server may call, and why. */
export interface EgressTarget {
  readonly purpose: string
  readonly host: string
  readonly region: EgressRegion
  /** The recorded legal review that allows a target outside the mainland. */
  readonly reviewId: string | null
}

/** Hosts whose operators keep data of mainland customers in the mainland. Source: their developer documents, read 2026-11. */
const knownRegions: Readonly<Record<string, EgressRegion>> = {
  'qyapi.weixin.qq.com': mainland,
  'open.weixin.qq.com': mainland,
  'api.weixin.qq.com': mainland,
  'kms.tencentcloudapi.com': mainland,
}
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** `host=value,host=value`. @returns null when it is not written like that */
export function readHostList(text: string): ReadonlyMap<string, string> | null {
  const pairs = text.split(',').map((pair) => pair.trim()).filter((pair) => pair !== '').map((pair) => /^([0-9A-Za-z.-]+)=([0-9A-Za-z_./-]{2,64})$/.exec(pair))
  if (pairs.some((pair) => pair === null)) return null
  return new Map(pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), pair?.[2] ?? '']))
}

/** Gives each address the server is set up to call its region and its review. @param addresses by purpose; null: not set up */
export function egressTargets(addresses: Readonly<Record<string, string | null>>, publicUrl: string, regions: ReadonlyMap<string, string>, reviews: ReadonlyMap<string, string>): EgressTarget[] {
  const own = new URL(publicUrl).hostname
  return Object.entries({ ...addresses, PUBLIC_URL: publicUrl }).flatMap(([purpose, address]) => {
    if (address === null) return []
    const host = new URL(address).hostname.toLowerCase()
    const region = host === own || loopback.has(host) ? self : (regions.get(host) ?? knownRegions[host] ?? 'unknown')
    return [{ purpose, host, region, reviewId: reviews.get(host) ?? null }]
  })
}

/** What stops the start: targets outside the mainland, or nobody knows where, without a review. One line each, to be acted on. */
export function egressProblems(targets: readonly EgressTarget[]): string[] {
  return targets
    .filter(({ region, reviewId }) => region !== self && region !== mainland && reviewId === null)
    .map(({ purpose, host, region }) =>
      region === 'unknown'
        ? `${purpose}: ${host} has no region: set EGRESS_REGIONS=${host}=${mainland} if it keeps data in the mainland, else record its legal review in EGRESS_LEGAL_REVIEW`
        : `${purpose}: ${host} is outside the mainland (${region}): record its legal review, EGRESS_LEGAL_REVIEW=${host}=<review id>`)
}

/** Thrown for a request to a host nobody listed. Names the host, never the address. */
export class EgressRefusedError extends Error {
  constructor(host: string) {
    super(`no request leaves for ${host}: it is not among the outbound targets of the settings`)
    this.name = 'EgressRefusedError'
  }
}

type Fetch = typeof globalThis.fetch

/** A `fetch` that reaches the listed hosts only (trust test 62): whatever part of the server asks, also one written later. */
export function guardedFetch(targets: readonly EgressTarget[], fetch: Fetch): Fetch {
  const allowed = new Set(targets.filter((target) => egressProblems([target]).length === 0).map(({ host }) => host))
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : String(input))
    if (!allowed.has(hostname.toLowerCase())) throw new EgressRefusedError(hostname)
    return fetch(input, init)
  }
}
