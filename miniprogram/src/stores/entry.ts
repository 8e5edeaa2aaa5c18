import type { RegistrationEntry } from '@qihui/shared/registration'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { fetchEntry, postVisit } from '../api/calls.ts'
import { requestKey } from '../platform/requestKey.ts'
import { keepVisit, resumableVisit, type Visit } from './visit.ts'

/** Where somebody came from, and what the server says about it before anybody is asked for anything. */
export const useEntryStore = defineStore('entry', () => {
  const visit = shallowRef<Visit | null>(null)
  const entry = shallowRef<RegistrationEntry | null>(null)
  const hasFailed = ref(false)
  /** Somebody entered this person already, and the open link confirms it. */
  const isConfirmation = computed(() => entry.value?.channel?.kind === 'confirmation' && entry.value.channel.state === 'open')

  function keep(next: Omit<Visit, 'savedAt'>): void {
    visit.value = { ...next, savedAt: Date.now() }
    keepVisit(visit.value)
  }

  /** A new visit: a code was scanned, a link opened, or the mini-program found by itself. */
  async function begin(token: string | null): Promise<void> {
    keep({ token, step: 'landing', formStep: null, visitId: await requestKey().catch(() => null) })
  }

  /** Goes on with a visit, also after a kill that left only what is kept on the phone. */
  function reach(step: Visit['step'], formStep?: number | null): void {
    const before = visit.value ?? resumableVisit(Date.now()) ?? { token: null, visitId: null, formStep: null }
    keep({ token: before.token, visitId: before.visitId, step, formStep: formStep === undefined ? before.formStep : formStep })
  }

  /** Reads channel, tiers, policy and form. What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    hasFailed.value = false
    try {
      entry.value = await fetchEntry(visit.value?.token ?? null)
    } catch {
      hasFailed.value = true
    }
  }

  /** Counts the visit in the funnel of its channel; told twice, it counts once, and a failure is nobody's business. */
  async function record(): Promise<void> {
    const channelToken = entry.value?.channel?.token
    const visitId = visit.value?.visitId
    if (channelToken && visitId) await postVisit({ channelToken, visitId }).catch(() => undefined)
  }

  return { visit, entry, hasFailed, isConfirmation, begin, reach, load, record }
})
