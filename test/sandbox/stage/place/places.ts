/** Where somebody opens an address. Each place has the name of its client, and cookies of its own per person. */
interface Place {
  readonly label: string
  /** What the server and the page see of the client. */
  readonly userAgent: string
  /** Whose device it is. */
  readonly holder: 'person' | 'staff'
  /** Whether the client is logged in as its holder, so that a web authorisation can be given. */
  readonly isLoggedIn: boolean
  readonly screen: 'phone' | 'desktop'
}

const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'

/** The five places of an invite link. */
export const places = {
  wechat: { label: '微信', userAgent: `${iPhone} Mobile/15E148 MicroMessenger/8.0.54(0x18003631) NetType/WIFI Language/zh_CN`, holder: 'person', isLoggedIn: true, screen: 'phone' },
  wecomStaff: { label: '企业微信（员工）', userAgent: `${windows} wxwork/4.1.36 (MicroMessenger/6.2) WindowsWechat`, holder: 'staff', isLoggedIn: true, screen: 'desktop' },
  wecomCustomer: { label: '企业微信（客户）', userAgent: `${iPhone} Mobile/15E148 wxwork/4.1.36 MicroMessenger/7.0.1 Language/zh ColorScheme/Light`, holder: 'person', isLoggedIn: true, screen: 'phone' },
  phoneBrowser: { label: '手机浏览器', userAgent: `${iPhone} Version/17.5 Mobile/15E148 Safari/604.1`, holder: 'person', isLoggedIn: false, screen: 'phone' },
  desktop: { label: '电脑浏览器', userAgent: windows, holder: 'person', isLoggedIn: false, screen: 'desktop' },
} as const satisfies Record<string, Place>

export type PlaceName = keyof typeof places

const visitPattern = /^\/_place\/([A-Za-z]+)\/([^/?#]+)(\/.*)$/

/** One open address: which place, whose device, and the path of the product. */
export interface Visit {
  readonly place: PlaceName
  readonly holderId: string
  /** Path and query as the product knows them. */
  readonly path: string
  /** What stands before the path on the stage's own address. */
  readonly prefix: string
}

function isPlaceName(name: string): name is PlaceName {
  return Object.hasOwn(places, name)
}

/** Reads `/_place/<place>/<holder>/<path>`; null when it is no such address. */
export function readVisit(address: string): Visit | null {
  const [, place = '', holder = '', path = ''] = visitPattern.exec(address) ?? []
  return isPlaceName(place) ? { place, holderId: decodeURIComponent(holder), path, prefix: `/_place/${place}/${holder}` } : null
}

/** @param path path and query of the product */
export function visitAddress(place: PlaceName, holderId: string, path: string): string {
  return `/_place/${place}/${encodeURIComponent(holderId)}${path}`
}
