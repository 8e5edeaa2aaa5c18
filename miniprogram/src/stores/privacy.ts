import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { watchPrivacy, type PrivacyAnswer } from '../platform/privacy.ts'

/** Id of the button whose tap the client accepts as agreement. */
export const privacyButtonId = 'privacy-agree'

/** The question whether WeChat's privacy guide is accepted, asked only when an API needs it. */
export const usePrivacyStore = defineStore('privacy', () => {
  const isAsked = ref(false)
  /** Several APIs may wait for one answer. */
  const waiting = shallowRef<readonly ((answer: PrivacyAnswer) => void)[]>([])

  function watch(): void {
    watchPrivacy((resolve) => {
      waiting.value = [...waiting.value, resolve]
      isAsked.value = true
    })
  }

  function settle(answer: PrivacyAnswer): void {
    const resolvers = waiting.value
    waiting.value = []
    isAsked.value = false
    for (const resolve of resolvers) resolve(answer)
  }

  return { isAsked, watch, agree: () => settle({ event: 'agree', buttonId: privacyButtonId }), refuse: () => settle({ event: 'disagree' }) }
})
