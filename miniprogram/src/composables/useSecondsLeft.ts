import { onUnmounted, ref, watch } from 'vue'

const tickMs = 1_000

/** Whole seconds until `durationMs` after the instant `since` answers, counted down; 0 from then on. `since` may change. */
export function useSecondsLeft(since: () => number, durationMs: number) {
  const secondsLeft = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined

  function tick(): void {
    clearTimeout(timer)
    const leftMs = since() + durationMs - Date.now()
    secondsLeft.value = Math.max(0, Math.ceil(leftMs / 1_000))
    if (leftMs > 0) timer = setTimeout(tick, Math.min(tickMs, leftMs))
  }

  watch(since, tick, { immediate: true })
  onUnmounted(() => clearTimeout(timer))
  return secondsLeft
}
