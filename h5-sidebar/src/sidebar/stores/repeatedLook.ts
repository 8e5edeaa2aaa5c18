import { ref } from 'vue'

/** Looks again and again, with a pause before each look, as long as somebody wants to. */
export function createRepeatedLook() {
  const isLooking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
    isLooking.value = false
  }

  /** Calls `look` after each wait until it answers false or the waits are used up. A second start replaces the first. */
  function start(waitsMs: readonly number[], look: () => Promise<boolean>): void {
    stop()
    const [wait, ...rest] = waitsMs
    if (wait === undefined) return
    isLooking.value = true
    const mine = setTimeout(async () => {
      const goesOn = await look()
      // Stopped or started anew during the look: the timer is another one now.
      if (mine !== timer) return
      if (goesOn) start(rest, look)
      else stop()
    }, wait)
    timer = mine
  }

  return { isLooking, start, stop }
}
