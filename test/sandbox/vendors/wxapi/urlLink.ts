import { optionalInteger, optionalString } from '../readBody.ts'
import { toSeconds } from '../../world/state.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorCall } from '../endpoint.ts'

const MAX_QUERY = 1_024
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Links live one minute to 30 days; permanent ones can no longer be made [8.1]. */
const MAX_LIFE_MS = 30 * DAY_MS
const ENV_VERSIONS = new Set(['release', 'trial', 'develop'])

/** `expire_type` 0: a point in time, 1: days from now. Nothing given: the longest life. @throws VendorError 85401 */
function readExpiry(call: VendorCall): number {
  const now = call.state.clock.now()
  const time = optionalInteger(call, 'expire_time')
  const days = optionalInteger(call, 'expire_interval')
  if ((optionalInteger(call, 'expire_type') ?? 0) === 1) {
    if (days === undefined || days < 1 || days > 30) throw new VendorError(85401, 'time limit between 1min and 30 days')
    return now + days * DAY_MS
  }
  if (time === undefined) return now + MAX_LIFE_MS
  const lifeMs = (time - toSeconds(now)) * 1000
  if (lifeMs < MINUTE_MS || lifeMs > MAX_LIFE_MS) throw new VendorError(85401, 'time limit between 1min and 30 days')
  return time * 1000
}

export const urlLinkEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/wxa/generate_urllink',
    meaning: '生成小程序 URL Link',
    token: 'access',
    empty: { url_link: '' },
    handle(call) {
      const { publishedPages } = call.state.settings
      const path = (optionalString(call, 'path') ?? '').replace(/^\//, '')
      const query = optionalString(call, 'query') ?? ''
      if (path && publishedPages && !publishedPages.includes(path)) throw new VendorError(40165, 'invalid weapp pagepath')
      if (query.length > MAX_QUERY) throw new VendorError(40212, 'invalid query')
      if (!ENV_VERSIONS.has(optionalString(call, 'env_version') ?? 'release')) throw new VendorError(85402, 'invalid env_version')
      const url = `https://wxaurl.cn/${call.state.nextId('urlLink', 11)}`
      const home = publishedPages?.[0] ?? 'pages/index/index'
      call.state.urlLinks.set(url, { path: path || home, query, expiresAt: readExpiry(call) })
      return { url_link: url }
    },
  },
]
