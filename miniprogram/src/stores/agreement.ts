import { computed } from 'vue'
import { useConsentStore } from './consent.ts'
import { useFormStore } from './form.ts'
import { useProgressStore } from './progress.ts'

/** Whether everything is ticked that the part of the registration on the screen needs. */
export function createAgreement() {
  const consent = useConsentStore()
  const form = useFormStore()
  const progress = useProgressStore()
  /** Keys of the sensitive answers that would leave the phone now. */
  const sensitive = computed(() => form.sensitiveOf(progress.step))
  const isAgreed = computed(() => consent.isAgreed(sensitive.value))

  /** Marks what is not ticked yet. */
  function insist(): boolean {
    consent.isMissing = !isAgreed.value
    return isAgreed.value
  }

  return { sensitive, isAgreed, insist }
}
