import { computed, watch, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'
import { consoleApiKey } from '../../../api/consoleApi.ts'
import { useProvided } from '../../../composables/useProvided.ts'
import { useLoaded } from '../../composables/useLoaded.ts'
import { useSteadyLooks } from '../../composables/useSteadyLooks.ts'
import { useSessionStore } from '../../stores/session.ts'

/** How often the menu asks by itself, milliseconds; a change of screen asks as well. */
const everyMs = 60_000

/** How many requests wait for whoever uses the console, 50 at most; 0 for those who decide about none, and while it is not known. */
export function useWaitingApprovals(): ComputedRef<number> {
  const api = useProvided(consoleApiKey)
  const session = useSessionStore()
  const route = useRoute()
  const loaded = useLoaded(async () => (session.self?.readable.includes('Approval') === true ? (await api.approvals()).forMe.length : 0))
  useSteadyLooks(loaded, everyMs)
  watch(
    () => route.path,
    () => void loaded.reload(),
  )
  return computed(() => loaded.data ?? 0)
}
