/** The page every code, card and link of ours opens; it must be published before WeChat makes codes for it. */
export const landingPage = 'pages/landing/index'

/** The same page as a card in a chat names it: with `.html`, and the token in the query (platform 2.5). */
export function landingCardPage(token: string): string {
  return `${landingPage}.html?token=${token}`
}

/** The query a URL link carries. */
export function landingQuery(token: string): string {
  return `token=${token}`
}
