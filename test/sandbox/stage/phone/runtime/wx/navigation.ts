import type { PageStack } from '../PageStack.ts'
import { settle, type CallOptions } from './settle.ts'

interface UrlOptions extends CallOptions {
  readonly url: string
}

/** `a=1&b=2`, values decoded once, as the client does for addresses inside the mini-program. */
export function parseQuery(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

/** Resolves an address against the page on top: `/pages/a/a?x=1` or `../a/a`. */
function resolveUrl(url: string, current: string): { route: string; query: Record<string, string> } {
  const [path = '', query = ''] = url.split('?', 2)
  return { route: new URL(path, `file:///${current}`).pathname.slice(1), query: parseQuery(query) }
}

/** Moving between pages. `onExit` closes the mini-program. */
export function createNavigation(stack: PageStack, onExit: () => void): Record<string, unknown> {
  const move = (name: string, act: (route: string, query: Record<string, string>) => void) => (options: UrlOptions) =>
    settle(name, options, () => {
      const { route, query } = resolveUrl(options.url, stack.top?.route ?? '')
      act(route, query)
      return {}
    })
  return {
    navigateTo: move('navigateTo', (route, query) => stack.push(route, query)),
    redirectTo: move('redirectTo', (route, query) => stack.replace(route, query)),
    reLaunch: move('reLaunch', (route, query) => stack.relaunch(route, query)),
    switchTab: move('switchTab', (route) => stack.relaunch(route, {})),
    navigateBack: (options?: CallOptions & { delta?: number }) => settle('navigateBack', options, () => {
      stack.back(options?.delta ?? 1)
      return {}
    }),
    exitMiniProgram: (options?: CallOptions) => settle('exitMiniProgram', options, () => {
      onExit()
      return {}
    }),
  }
}
