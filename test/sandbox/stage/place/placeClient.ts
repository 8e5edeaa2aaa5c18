import { keepInPlace } from './keepInPlace.ts'
import { defineLaunchTag } from './launchTag.ts'
import { ownStorage } from './ownStorage.ts'
import { places, readVisit } from './places.ts'
import { startWechatBridge } from './wechatBridge.ts'

declare global {
  /** Which mini-program the open tag may launch; served in front of this script. */
  var placeSettings: { readonly mpAppId: string; readonly mpOriginalId: string }
}

/**
 * Runs before every script of a page that is open in a place: the page sees its true address and the name of the client, and what
 * it asks for carries both.
 */
function boot(): void {
  const visit = readVisit(`${location.pathname}${location.search}${location.hash}`)
  if (visit === null) return
  history.replaceState(history.state, '', visit.path)
  Object.defineProperty(navigator, 'userAgent', { get: () => places[visit.place].userAgent })
  ownStorage(visit.prefix)
  keepInPlace(visit.prefix)
  if (visit.place !== 'wechat') return
  defineLaunchTag()
  startWechatBridge()
}

boot()
