/** The cookie that binds a login to the browser that began it (P6). */
export const browserCookie = 'qihui_browser'

/** One `Set-Cookie` line: never readable by scripts, sent along on top-level navigation, and over TLS only where we are reached by TLS. */
export function cookieLine(name: string, value: string, maxAgeSeconds: number, publicUrl: string): string {
  const secure = publicUrl.startsWith('https://') ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`
}
