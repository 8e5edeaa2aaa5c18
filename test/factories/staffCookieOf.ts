function cookiesOf(response: Response): string[] {
  return response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
}

/** Logs an employee in as the WeCom client does: start, authorise page, callback. @returns the `Cookie` header of the session. */
export async function staffCookieOf(product: { readonly url: string }, staffUserId: string): Promise<string> {
  const start = await fetch(`${product.url}/api/staff/oauth/start?returnTo=/sidebar/`, { redirect: 'manual' })
  const browser = cookiesOf(start)
  const authorize = await fetch(start.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie: `sandbox_identity=staff:${staffUserId}` } })
  const callback = await fetch(authorize.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie: browser.join('; ') } })
  if (callback.status !== 302) throw new Error(`login of ${staffUserId} was refused with ${callback.status}`)
  return [...browser, ...cookiesOf(callback)].join('; ')
}
