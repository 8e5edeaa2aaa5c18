import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { fetchBenefits, type OwnBenefits } from '../api/calls.ts'

/** What the person has, what comes next, coupons and the adviser. */
export const useBenefitsStore = defineStore('benefits', () => {
  const benefits = shallowRef<OwnBenefits | null>(null)
  const hasFailed = ref(false)
  const usableCoupons = computed(() => benefits.value?.coupons.filter(({ state }) => state === 'unused').length ?? 0)

  /** What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    hasFailed.value = false
    try {
      benefits.value = await fetchBenefits()
    } catch {
      hasFailed.value = true
    }
  }

  return { benefits, hasFailed, usableCoupons, load }
})
