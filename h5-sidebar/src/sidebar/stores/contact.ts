import type { SidebarContact } from '@qihui/shared/contact'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { randomId } from '../../api/randomId.ts'
import { sidebarApiKey, type CorpTagEdit } from '../../api/sidebarApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { failureFor, type Failure } from '../failureFor.ts'
import { surroundingsKey } from '../surroundings.ts'
import { useOpeningStore } from './opening.ts'

/** Waits between two looks at the mirror after asking for a refresh, in milliseconds; then a person has to ask again. */
const mirrorWaitsMs = [1_000, 2_000, 3_000, 5_000, 8_000]
/** Waits between two looks for the new member after an invitation: about three minutes in all. */
const joinWaitsMs = [4_000, 6_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000]

type CorpTags = SidebarContact['corpTags']

/** Ids of `tags` that are not in `others`. */
function idsMissing(tags: CorpTags, others: CorpTags): string[] {
  return tags.filter((tag) => !others.some((other) => other.tagId === tag.tagId)).map((tag) => tag.tagId)
}

/** The card of the customer in the current chat: last known first, then fresh, then kept in step. */
export const useContactStore = defineStore('contact', () => {
  const api = useProvided(sidebarApiKey)
  const { login, now, snapshots } = useProvided(surroundingsKey)
  const opening = useOpeningStore()

  const externalUserId = ref('')
  const card = ref<SidebarContact | null>(null)
  const receivedAt = ref(0)
  const isFromSnapshot = ref(false)
  const isLoading = ref(false)
  const isWatching = ref(false)
  const failure = ref<Failure | null>(null)
  const state = computed(() => card.value?.state ?? null)
  const staffUserId = computed(() => opening.self?.staffUserId ?? '')

  /** Rises with every opening and closing, so that late answers and timers of an earlier chat change nothing. */
  let visit = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function show(fresh: SidebarContact): void {
    card.value = fresh
    receivedAt.value = now()
    isFromSnapshot.value = false
    failure.value = null
    snapshots.write(staffUserId.value, externalUserId.value, { card: fresh, receivedAt: receivedAt.value })
  }

  function fail(error: unknown): void {
    const found = failureFor(error)
    failure.value = found
    // Somebody who may not see the contact does not see its old card either.
    if (found.kind !== 'notFollowing' && found.kind !== 'expired' && found.kind !== 'forbidden') return
    card.value = null
    snapshots.remove(staffUserId.value, externalUserId.value)
  }

  /** Asks the server for the card. Keeps what is shown when the answer does not come. */
  async function load(): Promise<void> {
    const current = visit
    isLoading.value = true
    try {
      const fresh = await api.contact(externalUserId.value)
      if (current === visit) show(fresh)
    } catch (error) {
      if (current === visit) fail(error)
    } finally {
      if (current === visit) isLoading.value = false
    }
  }

  function stopWatching(): void {
    clearTimeout(timer)
    isWatching.value = false
  }

  /** Looks again after each wait until the card has left the state `expected`, fails, or the waits are used up. */
  function watchWhile(expected: SidebarContact['state'], waitsMs: readonly number[]): void {
    const [wait, ...rest] = waitsMs
    clearTimeout(timer)
    isWatching.value = wait !== undefined && state.value === expected
    if (wait === undefined || !isWatching.value) return
    const current = visit
    timer = setTimeout(async () => {
      await load()
      if (current !== visit) return
      if (failure.value) stopWatching()
      else watchWhile(expected, rest)
    }, wait)
  }

  /** Asks WeCom for this contact through the server and waits for the mirror. */
  async function requestMirror(): Promise<void> {
    const current = visit
    isWatching.value = true
    try {
      await api.refreshContact(externalUserId.value)
      if (current === visit) watchWhile('notMirrored', mirrorWaitsMs)
    } catch (error) {
      if (current !== visit) return
      stopWatching()
      fail(error)
    }
  }

  /** Shows the contact of a chat: the last known card at once, the fresh one when it comes. */
  async function open(id: string): Promise<void> {
    close()
    const current = visit
    externalUserId.value = id
    const snapshot = snapshots.read(staffUserId.value, id)
    card.value = snapshot?.card ?? null
    receivedAt.value = snapshot?.receivedAt ?? 0
    isFromSnapshot.value = snapshot !== null
    failure.value = null
    await load()
    if (current === visit && !failure.value && state.value === 'notMirrored') await requestMirror()
  }

  /** Leaves the contact: timers stop, late answers are dropped. */
  function close(): void {
    visit += 1
    stopWatching()
    isLoading.value = false
  }

  /** What the refresh button does. */
  async function refresh(): Promise<void> {
    stopWatching()
    if (state.value === 'notMirrored') await requestMirror()
    else await load()
  }

  /** After an invitation: the card turns into a member's by itself when the customer joins soon. */
  function watchForMember(): void {
    watchWhile('notRegistered', joinWaitsMs)
  }

  function setTags(tags: CorpTags): void {
    if (card.value) card.value = { ...card.value, corpTags: tags }
  }

  /**
   * Shows the change at once and takes it back when the server refuses. Returns the failure, or null.
   * `wanted` are the tags as they should be; managed ones stay as they are, whatever it says.
   */
  async function changeTags(wanted: CorpTags): Promise<Failure | null> {
    const current = visit
    const before = card.value?.corpTags ?? []
    const free = before.filter((tag) => !tag.isManaged)
    const chosen = wanted.filter((tag) => !tag.isManaged)
    const edit: CorpTagEdit = { addTagIds: idsMissing(chosen, free), removeTagIds: idsMissing(free, chosen) }
    setTags([...before.filter((tag) => tag.isManaged), ...chosen])
    try {
      const tags = await api.changeCorpTags(externalUserId.value, edit, randomId())
      if (current === visit) setTags(tags)
      return null
    } catch (error) {
      if (current === visit) setTags(before)
      return failureFor(error)
    }
  }

  /** Leaves for the login because the rep asked for it. */
  function logIn(): void {
    login.again()
  }

  return { externalUserId, card, state, receivedAt, isFromSnapshot, isLoading, isWatching, failure, open, close, refresh, watchForMember, changeTags, logIn }
})
