import type { ConsentStandings } from '@qihui/shared/consent'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { fetchConsentStandings, postConsent, postRefusal, postWithdrawal, type Purpose } from '../api/calls.ts'
import { mayPut, notePut } from './lastAsked.ts'

/** Optional purposes a member may be asked for, one at a time. */
const optionalPurposes: readonly string[] = ['marketing', 'personalisation']

/** A member's consents: what stands, what may be asked, and the two taps that change it. */
export const useStandingsStore = defineStore('standings', () => {
  const standings = shallowRef<ConsentStandings | null>(null)
  const hasFailed = ref(false)
  const isBusy = ref(false)

  /** The policy changed materially since the membership was agreed to: it is asked for again (PIPL 14). */
  const isRenewalDue = computed(() => standings.value?.purposes.some(({ purpose, isStale }) => purpose === 'membership' && isStale) === true)
  /** The optional purpose this opening of the mini-program asks about; settled once, so that an answer brings no second question. */
  const asked = ref<string | null>(null)
  const askable = computed(() => (isRenewalDue.value ? null : (standings.value?.purposes.find(({ purpose, mayAsk }) => mayAsk && purpose === asked.value) ?? null)))

  /** Picks the question of this opening, if there may be one: the server knows of refusals, the phone of questions nobody answered. */
  function pickQuestion(): void {
    const candidate = standings.value?.purposes.find(({ purpose, mayAsk }) => mayAsk && optionalPurposes.includes(purpose))
    if (isRenewalDue.value || asked.value !== null || candidate === undefined || !mayPut(Date.now())) return
    asked.value = candidate.purpose
    notePut(Date.now())
  }

  /** What is on the screen stays there when this fails. */
  async function load(): Promise<void> {
    hasFailed.value = false
    try {
      standings.value = await fetchConsentStandings()
    } catch {
      hasFailed.value = true
    }
  }

  /** Changes something and reads how it stands now. True when it went through. */
  async function change(work: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    try {
      await work()
      await load()
      return true
    } catch {
      return false
    } finally {
      isBusy.value = false
    }
  }

  const policyVersion = () => standings.value?.policy.version ?? ''
  const grant = (purpose: string) => change(() => postConsent({ policyVersion: policyVersion(), purposes: [purpose as Purpose] }))
  const refuse = (purpose: string) => change(() => postRefusal({ policyVersion: policyVersion(), purposes: [purpose as Purpose] }))
  const withdraw = (purpose: string) => change(() => postWithdrawal([purpose as Purpose]))

  return { standings, hasFailed, isBusy, isRenewalDue, askable, pickQuestion, load, grant, refuse, withdraw }
})
