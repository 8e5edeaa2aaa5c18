import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { sidebarApiKey, type ContactBenefits } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'

/** What the customer of the card has and what unlocks next; read after the card, which does not wait for it. */
export const useContactBenefitsStore = defineStore('contactBenefits', () => {
  const api = useProvided(sidebarApiKey)
  const benefits = shallowRef<ContactBenefits | null>(null)
  const shownFor = ref('')

  /** Reads anew. Another customer's benefits go at once; the same customer's stay while the answer is on its way or does not come. */
  async function load(externalUserId: string): Promise<void> {
    if (shownFor.value !== externalUserId) benefits.value = null
    shownFor.value = externalUserId
    const answer = await api.contactBenefits(externalUserId).catch(() => null)
    if (answer !== null && shownFor.value === externalUserId) benefits.value = answer
  }

  return { benefits, load }
})
