import { defineStore } from 'pinia'
import { ref } from 'vue'
import { fetchMember } from '../api/calls.ts'
import { ApiError } from '../api/ApiError.ts'
import { useSessionStore } from './session.ts'

/** State of the member centre. */
export const useMemberStore = defineStore('member', () => {
  const session = useSessionStore()
  const state = ref<'loading' | 'ready' | 'notMember' | 'failed'>('loading')

  /** Reads tier, growth and the masked phone anew. What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    state.value = session.member === null ? 'loading' : 'ready'
    try {
      session.welcome(await fetchMember())
      state.value = 'ready'
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === 'member.notFound'
      state.value = isUnknown ? 'notMember' : session.member === null ? 'failed' : 'ready'
    }
  }

  return { state, load }
})
