/** Which operating system the client runs on, as far as capabilities differ. */
export type ClientOs = 'ios' | 'android' | 'mac' | 'windows' | 'other'

/** The client around the page. `version` is null outside WeCom. */
export interface ClientPlatform {
  readonly isWecom: boolean
  readonly os: ClientOs
  readonly version: string | null
}

function osOf(userAgent: string, maxTouchPoints: number): ClientOs {
  if (/android/i.test(userAgent)) return 'android'
  if (/iphone|ipad|ipod/i.test(userAgent)) return 'ios'
  // An iPad asks for desktop pages with a Mac's user agent; a Mac has no touch screen.
  if (/macintosh|mac os/i.test(userAgent)) return maxTouchPoints > 2 ? 'ios' : 'mac'
  return /windows/i.test(userAgent) ? 'windows' : 'other'
}

/** Reads the client from the user agent: `wxwork/x.y.z` is WeCom, whatever else stands beside it (platform 2.3). */
export function clientPlatform(userAgent: string, maxTouchPoints: number): ClientPlatform {
  const version = /wxwork\/([\d.]+)/i.exec(userAgent)?.[1] ?? null
  return { isWecom: version !== null, os: osOf(userAgent, maxTouchPoints), version }
}
