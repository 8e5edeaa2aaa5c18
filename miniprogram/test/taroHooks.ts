import { onMounted, onUnmounted } from 'vue'

/** Stand-in of the page hooks of `@tarojs/taro` for tests without a client; a page is loaded and shown once it is mounted. */
const shown: (() => void)[] = []
const hidden: (() => void)[] = []
const pulled: (() => void)[] = []

/** Query of the page that is mounted next. */
export const launchQuery: { current: Record<string, string> } = { current: {} }

export function useLoad(run: (query: Record<string, string>) => void): void {
  onMounted(() => run(launchQuery.current))
}

export function useUnload(run: () => void): void {
  onUnmounted(run)
}

export function useDidShow(run: () => void): void {
  shown.push(run)
  onMounted(run)
}

export function useDidHide(run: () => void): void {
  hidden.push(run)
}

export function usePullDownRefresh(run: () => void): void {
  pulled.push(run)
}

/** The page comes back into sight. */
export function showPage(): void {
  for (const run of shown) run()
}

/** The page goes out of sight. */
export function hidePage(): void {
  for (const run of hidden) run()
}

/** Forgets the pages of the test before. */
export function forgetPages(): void {
  for (const list of [shown, hidden, pulled]) list.length = 0
  launchQuery.current = {}
}
