import { ref } from 'vue'

/** The stay at one contact: what is asked during it counts only while it lasts. */
export function createCardVisit(fail: (error: unknown) => void) {
  const isLoading = ref(false)
  let visit = 0

  /** Ends the stay: whatever is still under way changes nothing any more. */
  function leave(): void {
    visit += 1
    isLoading.value = false
  }

  /** A question for later: are we still at the same contact? */
  function staying(): () => boolean {
    const current = visit
    return () => current === visit
  }

  /** Asks the server. The answer is used, or the failure shown, only when nobody has left meanwhile. */
  async function step<T>(ask: () => Promise<T>, use: (answer: T) => void): Promise<void> {
    const isHere = staying()
    isLoading.value = true
    try {
      const answer = await ask()
      if (isHere()) use(answer)
    } catch (error) {
      if (isHere()) fail(error)
    } finally {
      if (isHere()) isLoading.value = false
    }
  }

  return { isLoading, leave, staying, step }
}
