const pages = {
  landing: '/pages/landing/index',
  register: '/pages/register/index',
  success: '/pages/success/index',
  member: '/pages/member/index',
  benefits: '/pages/benefits/index',
  tier: '/pages/tier/index',
  policy: '/pages/policy/index',
  consents: '/pages/consents/index',
  consentHistory: '/pages/consent-history/index',
  accessLog: '/pages/access-log/index',
  myData: '/pages/my-data/index',
  erasure: '/pages/erasure/index',
} as const

type PageName = keyof typeof pages

function urlOf(page: PageName, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  return pairs.length === 0 ? pages[page] : `${pages[page]}?${pairs.join('&')}`
}

/** Opens a page on top of this one; the person can go back. */
export function openPage(page: PageName, query: Readonly<Record<string, string>> = {}): void {
  wx.navigateTo({ url: urlOf(page, query) })
}

/** Opens a page as the only one: there is no way back into a flow that is over. */
export function startOverAt(page: PageName, query: Readonly<Record<string, string>> = {}): void {
  wx.reLaunch({ url: urlOf(page, query) })
}

/** Back to the page below, or to the landing page when this one was opened first. */
export function goBack(): void {
  if (getCurrentPages().length > 1) wx.navigateBack()
  else startOverAt('landing')
}
