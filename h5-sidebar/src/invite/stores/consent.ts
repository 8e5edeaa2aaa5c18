import type { ConsentPurpose, ConsentStandings } from '@qihui/shared/consent'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { inviteApiKey, type Draft } from '../../api/inviteApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { surroundingsKey } from '../surroundings.ts'

const optionalPurposes = ['marketing', 'personalisation'] as const

/** Purpose of the own consent for one sensitive field (PIPL 29). */
export function purposeOfField(key: string): ConsentPurpose {
  return `sensitive:${key}`
}

/** What was ticked on this showing of the page, and what the server has recorded of it. Nothing is ever ticked for anybody (R65). */
export const useConsent = defineStore('inviteConsent', () => {
  const api = useProvided(inviteApiKey)
  const { token } = useProvided(surroundingsKey)
  const standings = shallowRef<ConsentStandings | null>(null)
  const consentIds = ref<readonly string[]>([])
  const isTicked = ref(false)
  const ticked = ref<readonly string[]>([])
  /** Somebody went on without a tick that is needed: the boxes say so until they are ticked. */
  const isMissing = ref(false)
  const decided = ref<readonly string[]>([])

  const standingOf = (purpose: string) => standings.value?.purposes.find((one) => one.purpose === purpose)
  /** A yes that stands for the policy in force: the box is not shown again. */
  const isGiven = computed(() => consentIds.value.length > 0)
  const offered = computed(() => optionalPurposes.filter((purpose) => standingOf(purpose)?.mayAsk === true && !decided.value.includes(purpose)))
  const explanationOf = (purpose: string) => standingOf(purpose)?.explanation ?? ''

  function hasFieldConsent(key: string): boolean {
    const standing = standingOf(purposeOfField(key))
    return decided.value.includes(purposeOfField(key)) || (standing?.state === 'granted' && !standing.isStale)
  }

  function toggle(purpose: string): void {
    ticked.value = ticked.value.includes(purpose) ? ticked.value.filter((one) => one !== purpose) : [...ticked.value, purpose]
  }

  /** Whether everything is ticked that the membership and these sensitive fields need; marks what is not. */
  function insist(fields: readonly string[]): boolean {
    const isAgreed = (isGiven.value || isTicked.value) && fields.every((key) => hasFieldConsent(key) || ticked.value.includes(purposeOfField(key)))
    isMissing.value = !isAgreed
    return isAgreed
  }

  /** Each showing starts without ticks; a consent that stands is not asked for again. */
  function takeUp(known: ConsentStandings | null, draft: Draft | null): void {
    standings.value = known
    decided.value = []
    isTicked.value = false
    isMissing.value = false
    ticked.value = []
    const membership = standingOf('membership')
    consentIds.value = membership?.state === 'granted' && !membership.isStale ? (draft?.consentIds ?? []) : []
  }

  /** Records the ticks in one call. An optional box left empty counts as a no for 30 days. @throws ApiProblem */
  async function record(policyVersion: string, fields: readonly string[]): Promise<void> {
    const asked = isGiven.value ? [] : offered.value
    const refused = asked.filter((purpose) => !ticked.value.includes(purpose))
    const wanted: ConsentPurpose[] = asked.filter((purpose) => ticked.value.includes(purpose))
    const own = fields.filter((key) => !hasFieldConsent(key)).map(purposeOfField)
    const purposes: ConsentPurpose[] = [...(isGiven.value ? [] : (['membership'] as const)), ...wanted, ...own]
    if (purposes.length === 0) return
    const ids = await api.grant({ policyVersion, purposes, channelToken: token })
    consentIds.value = [...consentIds.value, ...ids]
    decided.value = [...decided.value, ...purposes, ...refused]
    // A no that could not be recorded is asked again one day, which is no reason to keep anybody waiting.
    if (refused.length > 0) void api.refuse({ policyVersion, purposes: refused, channelToken: token }).catch(() => undefined)
  }

  return { consentIds, isTicked, ticked, isMissing, isGiven, offered, explanationOf, hasFieldConsent, toggle, insist, takeUp, record }
})
