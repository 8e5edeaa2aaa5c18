import { onUnmounted, watch } from 'vue'
import type { Loaded } from './useLoaded.ts'

/** Waits between looks, milliseconds: work takes seconds, or the night; nobody's page asks for ever. */
const looksMs = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 21_000, 34_000] as const

/** Asks again while there is work under way, ever more rarely; what an operator does begins anew. */
export function useRepeatedLooks<T>(loaded: Loaded<T>, isUnderWay: (data: T) => boolean): { restart(): Promise<void> } {
  let looks: number[] = [...looksMs]
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => loaded.data,
    (data) => {
      clearTimeout(timer)
      const wait = data !== null && isUnderWay(data) ? looks.shift() : undefined
      if (wait !== undefined) timer = setTimeout(() => void loaded.reload(), wait)
    },
  )
  onUnmounted(() => clearTimeout(timer))
  return {
    restart() {
      looks = [...looksMs]
      return loaded.reload()
    },
  }
}
