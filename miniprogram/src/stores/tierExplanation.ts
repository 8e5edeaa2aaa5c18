import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchGrowthEntries, fetchTierExplanation, type GrowthEntry, type TierExplanation } from '../api/calls.ts'
import { ApiError } from '../api/ApiError.ts'

/** Why the person has the tier, and the ledger behind it, page by page. */
export const useTierExplanationStore = defineStore('tierExplanation', () => {
  const state = ref<'loading' | 'ready' | 'notMember' | 'failed'>('loading')
  const explanation = shallowRef<TierExplanation | null>(null)
  const entries = shallowRef<readonly GrowthEntry[]>([])
  const next = ref<string | null>(null)
  const isLoadingMore = ref(false)
  const hasMoreFailed = ref(false)

  /** Reads everything anew. What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    if (explanation.value === null) state.value = 'loading'
    try {
      const [told, page] = await Promise.all([fetchTierExplanation(), fetchGrowthEntries(null)])
      explanation.value = told
      entries.value = page.entries
      next.value = page.next
      hasMoreFailed.value = false
      state.value = 'ready'
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === 'member.notFound'
      state.value = isUnknown ? 'notMember' : explanation.value === null ? 'failed' : 'ready'
    }
  }

  /** The page of the ledger that follows. */
  async function loadMore(): Promise<void> {
    const after = next.value
    if (after === null || isLoadingMore.value) return
    isLoadingMore.value = true
    hasMoreFailed.value = false
    try {
      const page = await fetchGrowthEntries(after)
      entries.value = [...entries.value, ...page.entries]
      next.value = page.next
    } catch {
      hasMoreFailed.value = true
    } finally {
      isLoadingMore.value = false
    }
  }

  return { state, explanation, entries, next, isLoadingMore, hasMoreFailed, load, loadMore }
})
