import type { RegistrationEntry } from '@qihui/shared/registration'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { fetchEntry } from '../api/calls.ts'
import { keepVisit, type Visit } from './visit.ts'

/** Where somebody came from, and what the server says about it before anybody is asked for anything. */
export const useEntryStore = defineStore('entry', () => {
  const token = ref<string | null>(null)
  const entry = shallowRef<RegistrationEntry | null>(null)
  const hasFailed = ref(false)

  /** Remembers where the person came from and how far they got; a new code replaces an older one. */
  function visit(step: Visit['step'], newToken: string | null = token.value): void {
    token.value = newToken
    keepVisit({ token: newToken, step, savedAt: Date.now() })
  }

  /** Reads channel, tiers, policy and form. What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    hasFailed.value = false
    try {
      entry.value = await fetchEntry(token.value)
    } catch {
      hasFailed.value = true
    }
  }

  return { token, entry, hasFailed, visit, load }
})
