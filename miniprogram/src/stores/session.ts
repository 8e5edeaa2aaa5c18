import type { MemberSelf } from '@qihui/shared/member'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { openSession } from '../api/session.ts'

/** Who opened the mini-program. Continuity only: before a registration it creates nothing and asks nothing. */
export const useSessionStore = defineStore('session', () => {
  const member = ref<MemberSelf | null>(null)
  /** Known from some other channel, though not a member yet. */
  const isRecognised = ref(false)
  /** Entered by somebody else, and not confirmed yet. */
  const awaitsConfirmation = computed(() => member.value?.isConfirmed === false)
  let settled: Promise<void> | null = null

  async function login(): Promise<void> {
    const answer = await openSession()
    member.value = answer.member
    isRecognised.value = answer.isRecognised
  }

  /**
   * Resolves once it is known who this is, or that it cannot be known now: browsing goes on without it,
   * and the first call that needs a session tries again.
   */
  function open(): Promise<void> {
    settled ??= login().catch(() => {
      settled = null
    })
    return settled
  }

  function welcome(registered: MemberSelf): void {
    member.value = registered
  }

  return { member, isRecognised, awaitsConfirmation, open, welcome }
})
