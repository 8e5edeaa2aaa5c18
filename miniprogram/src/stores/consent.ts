import type { ConsentStandings } from '@qihui/shared/consent'
import type { RegistrationEntry } from '@qihui/shared/registration'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { fetchConsentStandings, postConsent, postRefusal, type Draft, type Purpose } from '../api/calls.ts'
import { channelTokenOf } from './channelTokenOf.ts'
import { notePut } from './lastAsked.ts'

/** Purpose of the own consent for one sensitive field (PIPL 29). */
const purposeOfField = (key: string): Purpose => `sensitive:${key}`

/** What was ticked on this very showing of a page, and what the server has recorded of it. Nothing is ever ticked for anybody. */
export const useConsentStore = defineStore('consent', () => {
  const standings = shallowRef<ConsentStandings | null>(null)
  /** Consents that stand for the policy in force: with them nobody is asked again. */
  const consentIds = ref<readonly string[]>([])
  const consentedAt = ref<string | null>(null)
  const isTicked = ref(false)
  /** Somebody went on without a tick that is needed: the boxes say so until they are ticked. */
  const isMissing = ref(false)
  const wantsMarketing = ref(false)
  const tickedFields = ref<readonly string[]>([])
  /** Granted or refused since the standings were read. */
  const decided = ref<readonly string[]>([])

  const standingOf = (purpose: string) => standings.value?.purposes.find((one) => one.purpose === purpose)
  const isGiven = computed(() => consentIds.value.length > 0)
  /** Only when the server says so is the optional purpose offered; without its answer nobody is asked. */
  const marketing = computed(() => {
    const standing = standingOf('marketing')
    return standing?.mayAsk === true && !decided.value.includes('marketing') ? standing : null
  })

  async function loadStandings(): Promise<void> {
    standings.value = await fetchConsentStandings().catch(() => null)
    decided.value = []
  }

  /** Each showing of the page starts without ticks (trust 1.9, test 56). */
  function forgetTicks(): void {
    isTicked.value = false
    isMissing.value = false
    wantsMarketing.value = false
    tickedFields.value = []
  }

  function takeUp(draft: Draft | null): void {
    const membership = standingOf('membership')
    const isOver = membership !== undefined && (membership.state !== 'granted' || membership.isStale)
    consentIds.value = isOver ? [] : (draft?.consentIds ?? [])
    consentedAt.value = isOver ? null : (draft?.consentedAt ?? null)
  }

  /** A new policy: what stood for the old one has to be agreed to again. */
  function askAgain(): void {
    forgetTicks()
    consentIds.value = []
    consentedAt.value = null
    decided.value = []
  }

  function toggleField(key: string): void {
    tickedFields.value = tickedFields.value.includes(key) ? tickedFields.value.filter((one) => one !== key) : [...tickedFields.value, key]
  }

  function hasFieldConsent(key: string): boolean {
    const standing = standingOf(purposeOfField(key))
    return decided.value.includes(purposeOfField(key)) || (standing?.state === 'granted' && !standing.isStale)
  }

  /** Whether everything is ticked that these sensitive fields and the membership need. */
  const isAgreed = (fields: readonly string[]) =>
    (isGiven.value || isTicked.value) && fields.every((key) => hasFieldConsent(key) || tickedFields.value.includes(key))

  return {
    ...{ standings, consentIds, consentedAt, isTicked, isMissing, wantsMarketing, tickedFields, decided, isGiven, marketing },
    ...{ loadStandings, forgetTicks, takeUp, askAgain, toggleField, hasFieldConsent, isAgreed },
  }
})

/**
 * Records the ticks of the page in one call: membership unless it stands already, marketing when wanted, each sensitive field in `fields`.
 * An optional box left empty counts as a no for 30 days. Nothing to record is no call. @throws ApiError
 */
export async function recordConsent(entry: RegistrationEntry, fields: readonly string[]): Promise<void> {
  const consent = useConsentStore()
  const isOffered = !consent.isGiven && consent.marketing !== null
  const own = fields.filter((key) => !consent.hasFieldConsent(key)).map(purposeOfField)
  const purposes: Purpose[] = [...(consent.isGiven ? [] : (['membership'] as const)), ...(isOffered && consent.wantsMarketing ? (['marketing'] as const) : []), ...own]
  if (purposes.length === 0) return
  const policyVersion = entry.policy.version
  const granted = await postConsent({ policyVersion, purposes, ...channelTokenOf(entry) })
  consent.consentIds = [...consent.consentIds, ...granted.consentIds]
  consent.decided = [...consent.decided, ...purposes, ...(isOffered ? ['marketing'] : [])]
  // The offer was a question: the member centre does not follow it with another one.
  if (isOffered) notePut(Date.now())
  if (isOffered && !consent.wantsMarketing) void postRefusal({ policyVersion, purposes: ['marketing'] }).catch(() => undefined)
}

/** Consent that is recorded while WeChat asks for the phone: the tap on the button gave it, whatever is answered to the sheet. */
export function createEarlyConsent() {
  let early: Promise<void> | null = null
  return {
    begin(entry: RegistrationEntry, fields: readonly string[]): void {
      early = recordConsent(entry, fields)
      early.catch(() => undefined)
    },
    /** Records what is not recorded yet; what failed since the tap fails here. @throws ApiError */
    async settle(entry: RegistrationEntry, fields: readonly string[]): Promise<void> {
      const begun = early
      early = null
      await begun
      await recordConsent(entry, fields)
    },
    forget(): void {
      early = null
    },
  }
}
