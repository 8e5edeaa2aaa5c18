import type { InvitePlace } from './contract.ts'

/**
 * Where a page is open, by the name the client gives itself (experience 2.3). WeCom's browser calls itself MicroMessenger as well,
 * so it is asked for first. An unknown client counts as a desktop: there is nothing on that page it could not show.
 */
export function placeOf(userAgent: string): InvitePlace {
  if (/wxwork/i.test(userAgent)) return 'wecom'
  if (/MicroMessenger/i.test(userAgent)) return 'wechat'
  return /Mobile|Android|iPhone|iPad|iPod|HarmonyOS/i.test(userAgent) ? 'phoneBrowser' : 'desktop'
}

/** Programs that fetch a page to show a preview or to index it; they make no visit and are never logged in. */
export function isPreview(userAgent: string): boolean {
  return userAgent === '' || /bot\b|spider|crawl|slurp|preview|facebookexternalhit|headless|curl|wget|python|okhttp|java\//i.test(userAgent)
}
