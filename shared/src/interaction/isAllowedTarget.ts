/**
 * Whether a tracked link may lead there: https, an allowed host or a host below one, no credentials and no other port. Everything else
 * would let our address vouch for a stranger's page.
 */
export function isAllowedTarget(targetUrl: string, hosts: Iterable<string>): boolean {
  const parts = /^https:\/\/([a-z0-9.-]+)(?:[/?#]|$)/i.exec(targetUrl)
  const host = parts?.[1]?.toLowerCase()
  // Browsers read a backslash as a slash; nothing we accept contains one.
  if (host === undefined || targetUrl.includes('\\')) return false
  return [...hosts].some((allowed) => host === allowed || host.endsWith(`.${allowed}`))
}
