import { ref, shallowRef } from 'vue'
import { fetchMemberCode, type MemberCode } from '../api/calls.ts'
import { brightenScreen, restoreScreen } from '../platform/screen.ts'

/** A new code is asked for this long before the old one ends, so that the one on the screen is always good. */
const leadMs = 5_000
/** Bounds against a phone whose clock is wrong: neither a storm of requests nor a code that is long dead. */
const shortestMs = 5_000
const longestMs = 55_000

/** The member code while it is shown: refreshed before it ends, screen bright, everything undone when hidden. */
export function useMemberCode() {
  const isShown = ref(false)
  const code = shallowRef<MemberCode | null>(null)
  const hasFailed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      const fresh = await fetchMemberCode()
      if (!isShown.value) return
      code.value = fresh
      hasFailed.value = false
      timer = setTimeout(refresh, Math.min(longestMs, Math.max(shortestMs, Date.parse(fresh.expiresAt) - Date.now() - leadMs)))
    } catch {
      if (!isShown.value) return
      // A code that cannot be renewed would be refused at the counter: show the failure, not the code.
      code.value = null
      hasFailed.value = true
    }
  }

  async function show(): Promise<void> {
    isShown.value = true
    brightenScreen()
    await refresh()
  }

  /** Closed by the person, or the page went out of sight: no more requests, brightness as before. */
  function hide(): void {
    clearTimeout(timer)
    isShown.value = false
    code.value = null
    hasFailed.value = false
    restoreScreen()
  }

  return { isShown, code, hasFailed, show, hide, refresh }
}
