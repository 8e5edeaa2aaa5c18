import type { SidebarContact } from '@qihui/shared/contact'

const prefix = 'qihui.card.'
/** A snapshot older than this is not shown (experience 2.1). */
const maxAgeMs = 24 * 60 * 60 * 1000
/** The client gives a page about 2.5 MB; a card takes a few KB. */
const maxCards = 20

/** A card as it was when the server last sent it. */
export interface CardSnapshot {
  readonly card: SidebarContact
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
}

/** The last known cards of one staff member, kept for the life of the window. Storage that is full or forbidden is no error. */
export interface CardSnapshots {
  read(staffUserId: string, externalUserId: string): CardSnapshot | null
  write(staffUserId: string, externalUserId: string, snapshot: CardSnapshot): void
  remove(staffUserId: string, externalUserId: string): void
}

/** A raw phone never rests in the browser; a masked one may. */
function withoutRawPhone(card: SidebarContact): SidebarContact {
  if (!card.member) return card
  return { ...card, member: { ...card.member, fields: card.member.fields.filter((field) => field.isMasked || field.key !== 'phone') } }
}

function parse(text: string | null): CardSnapshot | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as CardSnapshot
  } catch {
    return null
  }
}

function dropOldest(storage: Storage): void {
  const keys = Array.from({ length: storage.length }, (_value, index) => storage.key(index)).filter((key) => key?.startsWith(prefix)) as string[]
  const byAge = keys.map((key) => ({ key, at: parse(storage.getItem(key))?.receivedAt ?? 0 })).sort((a, b) => b.at - a.at)
  for (const { key } of byAge.slice(maxCards)) storage.removeItem(key)
}

/** Snapshots in `storage`, normally the session storage: gone with the window, never shared between staff. */
export function createCardSnapshots(storage: Storage, now: () => number): CardSnapshots {
  const keyOf = (staffUserId: string, externalUserId: string) => `${prefix}${staffUserId}.${externalUserId}`
  return {
    read(staffUserId, externalUserId) {
      const snapshot = parse(storage.getItem(keyOf(staffUserId, externalUserId)))
      return snapshot && now() - snapshot.receivedAt <= maxAgeMs ? snapshot : null
    },
    write(staffUserId, externalUserId, { card, receivedAt }) {
      try {
        storage.setItem(keyOf(staffUserId, externalUserId), JSON.stringify({ card: withoutRawPhone(card), receivedAt }))
        dropOldest(storage)
      } catch {
        // A full or forbidden storage only costs the quick first paint.
      }
    },
    remove: (staffUserId, externalUserId) => storage.removeItem(keyOf(staffUserId, externalUserId)),
  }
}
