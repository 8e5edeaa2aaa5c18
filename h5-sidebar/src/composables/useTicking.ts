import { onUnmounted, ref, type Ref } from 'vue'

/** The time in milliseconds, renewed every half minute: enough for "x 分钟前". */
export function useTicking(now: () => number): Ref<number> {
  const at = ref(now())
  const timer = setInterval(() => (at.value = now()), 30_000)
  onUnmounted(() => clearInterval(timer))
  return at
}
