/** The token in the address of an invite page, or an empty text: the server then says what is the matter. */
export function tokenOf(pathname: string): string {
  return /\/i\/([0-9A-Za-z]{22})\/?$/.exec(pathname)?.[1] ?? ''
}
