import { defineStore } from 'pinia'
import { ref } from 'vue'
import { sidebarApiKey, type CorpTagGroup } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { failureFor, type Failure } from '../failureFor.ts'

/** The corp's tags, read when they are first needed and kept for the life of the page. */
export const useCorpTagLibraryStore = defineStore('corpTagLibrary', () => {
  const api = useProvided(sidebarApiKey)
  const groups = ref<CorpTagGroup[] | null>(null)
  const failure = ref<Failure | null>(null)

  async function load(): Promise<void> {
    failure.value = null
    try {
      groups.value = await api.corpTagGroups()
    } catch (error) {
      failure.value = failureFor(error)
    }
  }

  return { groups, failure, load }
})
