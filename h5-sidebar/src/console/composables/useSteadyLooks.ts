import { onMounted, onUnmounted } from 'vue'
import type { Loaded } from './useLoaded.ts'

/** Asks again every so often while somebody can see the page, and at once when they come back to it after longer than that. */
export function useSteadyLooks(loaded: Loaded<unknown>, everyMs: number): void {
  let askedAt = performance.now()
  let timer: ReturnType<typeof setInterval> | undefined

  function look(): void {
    if (document.visibilityState !== 'visible' || loaded.isLoading) return
    askedAt = performance.now()
    void loaded.reload()
  }
  function onVisible(): void {
    if (performance.now() - askedAt >= everyMs) look()
  }

  onMounted(() => {
    timer = setInterval(look, everyMs)
    document.addEventListener('visibilitychange', onVisible)
  })
  onUnmounted(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onVisible)
  })
}
