import { tellStage } from './placeMessage.ts'

/** Addresses of the stage itself and files that are the same everywhere need no place. */
const placeless = ['/_place/', '/_sandbox/', '/stage/', '/assets/']

/** Not in the browser's own types yet. */
interface NavigateEvent extends Event {
  readonly navigationType: 'push' | 'replace' | 'reload' | 'traverse'
  readonly destination: { readonly url: string; readonly sameDocument: boolean }
}

/** The address inside the place for an address of the page; unchanged when it needs none. */
function addressIn(prefix: string, address: string | URL): string {
  const target = new URL(address, location.href)
  const isOurs = target.origin === location.origin && !placeless.some((start) => target.pathname.startsWith(start))
  return isOurs ? `${location.origin}${prefix}${target.pathname}${target.search}${target.hash}` : String(address)
}

function keepRequests(prefix: string): void {
  const plainFetch = window.fetch.bind(window)
  window.fetch = (input, init) => plainFetch(input instanceof Request ? new Request(addressIn(prefix, input.url), input) : addressIn(prefix, input), init)
  const open = XMLHttpRequest.prototype.open as (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]) => void
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]) {
    open.call(this, method, addressIn(prefix, url), ...(rest.length === 0 ? [true] : rest))
  }
}

/** What leaves the page goes on in the same place; another site is the stage's to open. */
function keepNavigations(prefix: string): void {
  const { navigation } = window as Window & { navigation?: EventTarget }
  navigation?.addEventListener('navigate', (event) => {
    const { destination, navigationType } = event as NavigateEvent
    if (destination.sameDocument || navigationType === 'traverse') return
    const target = new URL(destination.url)
    if (target.origin === location.origin) {
      const inPlace = addressIn(prefix, target)
      if (inPlace === target.href) return
      event.preventDefault()
      location.replace(inPlace)
      return
    }
    event.preventDefault()
    tellStage({ type: 'openLink', url: target.href })
  })
  window.open = (url) => {
    tellStage({ type: 'openLink', url: new URL(url ?? '', location.href).href })
    return null
  }
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[target="_blank"]') : null
    if (link === null) return
    event.preventDefault()
    tellStage({ type: 'openLink', url: link.href })
  }, { capture: true })
}

/** Requests and navigations of the page carry the name and the cookies of its place. */
export function keepInPlace(prefix: string): void {
  keepRequests(prefix)
  keepNavigations(prefix)
}
