import type { SidebarContact } from '@qihui/shared/contact'
import { ref, type Ref } from 'vue'
import { failureFor, type Failure } from '../failureFor.ts'
import type { CardSnapshots } from './cardSnapshots.ts'

interface CardSources {
  readonly staffUserId: Readonly<Ref<string>>
  readonly snapshots: CardSnapshots
  now(): number
}

/** The card on the screen: where it came from, how old it is, and what went wrong since. */
export function createShownCard({ staffUserId, snapshots, now }: CardSources) {
  const externalUserId = ref('')
  const card = ref<SidebarContact | null>(null)
  const receivedAt = ref(0)
  const isFromSnapshot = ref(false)
  const failure = ref<Failure | null>(null)

  /** Turns to a contact: its last known card, or nothing. */
  function turnTo(id: string): void {
    const snapshot = snapshots.read(staffUserId.value, id)
    externalUserId.value = id
    card.value = snapshot?.card ?? null
    receivedAt.value = snapshot?.receivedAt ?? 0
    isFromSnapshot.value = snapshot !== null
    failure.value = null
  }

  function show(fresh: SidebarContact): void {
    card.value = fresh
    receivedAt.value = now()
    isFromSnapshot.value = false
    failure.value = null
    snapshots.write(staffUserId.value, externalUserId.value, { card: fresh, receivedAt: receivedAt.value })
  }

  /** Keeps the card, unless it may no longer be seen: then the old one is forgotten too. */
  function fail(error: unknown): void {
    const found = failureFor(error)
    failure.value = found
    if (found.kind !== 'notFollowing' && found.kind !== 'expired' && found.kind !== 'forbidden') return
    card.value = null
    snapshots.remove(staffUserId.value, externalUserId.value)
  }

  function setCorpTags(corpTags: SidebarContact['corpTags']): void {
    if (card.value) card.value = { ...card.value, corpTags }
  }

  return { externalUserId, card, receivedAt, isFromSnapshot, failure, turnTo, show, fail, setCorpTags }
}
