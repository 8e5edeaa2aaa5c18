/** The cookie that binds a login to the browser that began it (P6). */
export const browserCookie = 'qihui_browser'

/** One `Set-Cookie` line: never readable by scripts, sent along on top-level navigation, and over TLS only where we are reached by TLS. */
export function cookieLine(name: string, value: string, maxAgeSeconds: number, publicUrl: string): string {
  const secure = publicUrl.startsWith('https://') ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`
}

/** The value of one cookie of ours in a `Cookie` header, or undefined when it is missing or none we could have made. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const value = header?.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1)
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}
