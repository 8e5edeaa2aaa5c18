import type { SidebarContact } from '@qihui/shared/contact'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { randomId } from '../../api/randomId.ts'
import { sidebarApiKey } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { createCardVisit } from './cardVisit.ts'
import { corpTagEdit } from './corpTagEdit.ts'
import { useOpeningStore } from './opening.ts'
import { createRepeatedLook } from './repeatedLook.ts'
import { createShownCard } from './shownCard.ts'

/** Waits between two looks at the mirror after asking for a refresh, in milliseconds; then a person has to ask again. */
const mirrorWaitsMs = [1_000, 2_000, 3_000, 5_000, 8_000]
/** Waits between two looks for the new member after an invitation: about three minutes in all. */
const joinWaitsMs = [4_000, 6_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000]

/** The card of the customer in the current chat: last known first, then fresh, then kept in step. */
export const useContactStore = defineStore('contact', () => {
  const api = useProvided(sidebarApiKey)
  const { login, now, snapshots } = useProvided(surroundingsKey)
  const opening = useOpeningStore()
  const shown = createShownCard({ staffUserId: computed(() => opening.self?.staffUserId ?? ''), snapshots, now })
  const { externalUserId, card, failure } = shown
  const look = createRepeatedLook()
  const visit = createCardVisit(shown.fail)
  const state = computed(() => card.value?.state ?? null)

  /** Asks the server for the card. Keeps what is shown when the answer does not come. */
  const load = () => visit.step(() => api.contact(externalUserId.value), shown.show)

  function watchWhile(expected: SidebarContact['state'], waitsMs: readonly number[]): void {
    look.start(waitsMs, async () => {
      await load()
      return failure.value === null && state.value === expected
    })
  }

  /** Leaves the contact: timers stop, late answers are dropped. */
  function close(): void {
    visit.leave()
    look.stop()
  }

  /** What the refresh button does: asks for the card, and WeCom for a contact that is not mirrored yet. */
  async function refresh(): Promise<void> {
    const isHere = visit.staying()
    look.stop()
    await load()
    if (!isHere() || failure.value || state.value !== 'notMirrored') return
    await visit.step(
      () => api.refreshContact(externalUserId.value),
      () => watchWhile('notMirrored', mirrorWaitsMs),
    )
  }

  /** Shows the contact of a chat: the last known card at once, the fresh one when it comes. */
  async function open(id: string): Promise<void> {
    close()
    shown.turnTo(id)
    await refresh()
  }

  /** Shows the wanted tags at once and takes them back when the server refuses. Returns the failure, or null. */
  async function changeTags(wanted: SidebarContact['corpTags']): Promise<Failure | null> {
    const isHere = visit.staying()
    const before = card.value?.corpTags ?? []
    const planned = corpTagEdit(before, wanted)
    shown.setCorpTags(planned.shown)
    try {
      const tags = await api.changeCorpTags(externalUserId.value, planned.edit, randomId())
      if (isHere()) shown.setCorpTags(tags)
      return null
    } catch (error) {
      if (isHere()) shown.setCorpTags(before)
      return failureFor(error)
    }
  }

  return {
    ...{ externalUserId, card, failure, state, isLoading: visit.isLoading, isWatching: look.isLooking },
    ...{ receivedAt: shown.receivedAt, isFromSnapshot: shown.isFromSnapshot },
    ...{ open, close, refresh, changeTags, logIn: login.again },
    /** After an invitation: the card turns into a member's by itself when the customer joins soon. */
    watchForMember: () => watchWhile('notRegistered', joinWaitsMs),
  }
})
