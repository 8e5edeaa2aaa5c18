import { reactive } from 'vue'
import { places, visitAddress, type PlaceName } from '../place/places.ts'
import type { PlaceMessage } from '../place/placeMessage.ts'
import { api } from './api.ts'
import { goHome, openMiniProgram, openUrlLink, phone, scenes, showScanned } from './phoneStore.ts'
import { scanScreen } from './scanScreen.ts'
import { attempt, notify, stage } from './stageStore.ts'

/** A page that is open in a place. */
interface OpenPage {
  readonly place: PlaceName
  /** Path of the product, shown as its address. */
  readonly path: string
  readonly address: string
  /** Counts up to load it anew. */
  readonly visit: number
}

/** One page on each screen. */
export const web = reactive({ phone: null as OpenPage | null, desktop: null as OpenPage | null })

let visits = 0

function placeOf(screen: 'phone' | 'desktop'): PlaceName | null {
  return web[screen]?.place ?? null
}

/** Opens an address of the product in a place. @throws Error with words for a person when it is another site's */
export function openInPlace(place: PlaceName, address: string): void {
  const target = URL.canParse(address, location.origin) ? new URL(address, location.origin) : null
  if (target?.origin !== location.origin) throw new Error('沙盒只能打开本产品的网页，例如 /i/ 开头的邀请页')
  const { holder, screen } = places[place]
  const path = `${target.pathname}${target.search}${target.hash}`
  visits += 1
  web[screen] = { place, path, address: visitAddress(place, holder === 'staff' ? stage.staffUserId : stage.personId, path), visit: visits }
  if (screen === 'phone') phone.view = 'web'
}

/** Opens an address where the page that asks for it is; a link of WeChat goes to the mini-program. */
function openFrom(screen: 'phone' | 'desktop', address: string): Promise<void> {
  if (new URL(address).origin === location.origin) {
    openInPlace(placeOf(screen) ?? 'desktop', address)
    return Promise.resolve()
  }
  if (screen === 'desktop') throw new Error('这个链接要在手机上打开')
  return openUrlLink(address, placeOf('phone') === 'phoneBrowser' ? scenes.urlLinkOutside : scenes.urlLink)
}

/** A tap on an address in a chat, an SMS or a mail: pages of the product open in the place, links of WeChat on the phone. */
export async function openAddress(place: PlaceName, address: string): Promise<void> {
  if (URL.canParse(address) && new URL(address).origin !== location.origin) await openUrlLink(address, place === 'phoneBrowser' ? scenes.urlLinkOutside : scenes.urlLink)
  else openInPlace(place, address)
}

export function closePage(screen: 'phone' | 'desktop'): void {
  web[screen] = null
  if (screen === 'phone') goHome()
}

export function reloadPage(screen: 'phone' | 'desktop'): void {
  const open = web[screen]
  if (open !== null) openInPlace(open.place, open.path)
}

/** The phone looks at a QR code shown on a screen: it reads the picture itself. */
export async function scanFrom(screen: 'phone' | 'desktop'): Promise<void> {
  const frame = document.querySelector<HTMLIFrameElement>(screen === 'phone' ? '#phone-web' : '#desktop-web')
  const [content] = await scanScreen(frame?.contentDocument ?? document)
  if (content === undefined) throw new Error('屏幕上没有找到二维码')
  const result = await api.scanContent(stage.personId, content)
  if (result.kind === 'page') await openAddress('wechat', result.url)
  else notify(await showScanned(result))
}

function screenOf(source: MessageEventSource | null): 'phone' | 'desktop' {
  const desktop = document.querySelector<HTMLIFrameElement>('#desktop-web')
  return desktop !== null && desktop.contentWindow === source ? 'desktop' : 'phone'
}

/** Hears what the pages in the places ask for. */
export function listenToPlaces(): void {
  addEventListener('message', (event: MessageEvent<PlaceMessage | undefined>) => {
    if (event.origin !== location.origin || event.data?.source !== 'qihui-place') return
    const message = event.data
    void attempt(async () => {
      if (message.type === 'close') closePage(screenOf(event.source))
      else if (message.type === 'openLink') await openFrom(screenOf(event.source), message.url)
      else {
        const [path = '', query = ''] = message.path.split('?', 2)
        openMiniProgram({ path, query: Object.fromEntries(new URLSearchParams(query)), scene: scenes.openTag })
      }
    })
  })
}
