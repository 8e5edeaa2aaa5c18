import { VendorError } from './endpoint.ts'
import type { FrequencyLimit } from '../settings.ts'
import type { WorldState } from '../world/state.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

interface Window {
  startedAt: number
  count: number
  blockedUntil: number
}

interface Rule {
  readonly key: string
  readonly limit: FrequencyLimit
}

/** 10,000 a minute and 150,000 an hour per corp and API; 20,000 a minute and 600,000 an hour per caller IP [11]. */
const WECOM_API: readonly FrequencyLimit[] = [
  { limit: 10_000, windowMs: MINUTE_MS, errcode: 45009 },
  { limit: 150_000, windowMs: HOUR_MS, errcode: 45009 },
]
const WECOM_IP: readonly FrequencyLimit[] = [
  { limit: 20_000, windowMs: MINUTE_MS, errcode: 45009 },
  { limit: 600_000, windowMs: HOUR_MS, errcode: 45009 },
]
/** Tickets: 100 an hour per app and 400 per corp; the sandbox has one app, so the narrower one bites [2.1]. */
const TICKET: FrequencyLimit = { limit: 100, windowMs: HOUR_MS, errcode: 45009 }

const PATH_LIMITS: Readonly<Record<string, readonly FrequencyLimit[]>> = {
  '/cgi-bin/get_jsapi_ticket': [TICKET],
  '/cgi-bin/ticket/get': [TICKET],
  '/cgi-bin/stable_token': [
    { limit: 10_000, windowMs: MINUTE_MS, errcode: 45011 },
    { limit: 500_000, windowMs: DAY_MS, errcode: 45009 },
  ],
  '/wxa/getwxacodeunlimit': [{ limit: 5_000, windowMs: MINUTE_MS, errcode: 45009 }],
  '/wxa/generate_urllink': [
    { limit: 100, windowMs: 1_000, errcode: 44990 },
    { limit: 500_000, windowMs: DAY_MS, errcode: 44993 },
  ],
  '/sns/oauth2/access_token': [{ limit: 50_000, windowMs: MINUTE_MS, errcode: 45011 }],
}

export interface FrequencyGate {
  /** Counts the call. @throws VendorError 45009 (or the code of the limit) for the whole length of the block window */
  pass(host: 'qyapi' | 'wxapi', path: string, ip: string): void
}

function rulesFor(state: WorldState, host: 'qyapi' | 'wxapi', path: string, ip: string): Rule[] {
  const chosen = state.settings.frequency.get(path)
  const own = chosen ? [chosen] : (PATH_LIMITS[path] ?? [])
  const rules = own.map((limit) => ({ key: `${host}${path} ${limit.windowMs}`, limit }))
  if (host === 'wxapi') return rules
  return [
    ...rules,
    ...WECOM_API.map((limit) => ({ key: `${path} ${limit.windowMs} corp`, limit })),
    ...WECOM_IP.map((limit) => ({ key: `${ip} ${limit.windowMs}`, limit })),
  ]
}

export function createFrequencyGate(state: WorldState): FrequencyGate {
  const windows = new Map<string, Window>()
  return {
    pass(host, path, ip) {
      const now = state.clock.now()
      for (const { key, limit } of rulesFor(state, host, path, ip)) {
        const window = windows.get(key) ?? { startedAt: now, count: 0, blockedUntil: 0 }
        windows.set(key, window)
        if (now < window.blockedUntil) throw new VendorError(limit.errcode, 'api freq out of limit')
        if (now - window.startedAt >= limit.windowMs) Object.assign(window, { startedAt: now, count: 0 })
        window.count += 1
        if (window.count > limit.limit) {
          window.blockedUntil = now + limit.windowMs
          throw new VendorError(limit.errcode, 'api freq out of limit')
        }
      }
    },
  }
}
