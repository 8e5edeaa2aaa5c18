import { AppError } from '@qihui/shared/errors'

/** Where a login leads when nothing was asked for. */
const defaultReturnTo = '/sidebar/'
const maxLength = 512

/**
 * A path of our own pages, ready for a redirect.
 * @throws AppError `oauth.returnToRefused` for other hosts, the API itself, and everything a browser could read as another address.
 */
export function ownPath(returnTo: string | undefined, publicUrl: string): string {
  if (returnTo === undefined || returnTo === '') return defaultReturnTo
  // Browsers take `//host`, `/\host` and paths with control characters in them for other hosts.
  if (returnTo.length > maxLength || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(returnTo)) throw new AppError('oauth.returnToRefused')
  const url = new URL(returnTo, publicUrl)
  if (url.origin !== new URL(publicUrl).origin || url.pathname.startsWith('/api/')) throw new AppError('oauth.returnToRefused')
  return url.pathname + url.search + url.hash
}
