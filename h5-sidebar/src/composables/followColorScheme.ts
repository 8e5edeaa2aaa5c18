/**
 * Keeps `data-theme` on `<html>` in step with the client. WeCom on Android tells the scheme only in the user agent
 * (`ColorScheme/Dark`), everywhere else the media query knows (experience 2.1).
 */
export function followColorScheme(target: Window): void {
  const root = target.document.documentElement
  const said = /ColorScheme\/(dark|light)/i.exec(target.navigator.userAgent)?.[1]?.toLowerCase()
  const query = target.matchMedia('(prefers-color-scheme: dark)')
  const apply = () => root.setAttribute('data-theme', said ?? (query.matches ? 'dark' : 'light'))
  apply()
  // Safari before 14 knows only `onchange` here.
  query.onchange = apply
}
