import { readStored, removeStored, writeStored } from '../platform/storage.ts'

/** Where somebody came from and how far they got. No phone, no answer, no consent, no code in it. */
export interface Visit {
  /** Token of the scanned code, the card or the link; null when opened from nowhere in particular. */
  readonly token: string | null
  readonly step: 'landing' | 'register'
  /** Step of the form that was on the screen; null before the form or past it. The answers are with the server. */
  readonly formStep: number | null
  /** Row of the channel's funnel this visit is; null when none could be made. */
  readonly visitId: string | null
  readonly savedAt: number
}

const key = 'qihui.visit'
/** Experience 2.2 (8): a started registration waits for a day. */
const keptForMs = 24 * 60 * 60 * 1000
const longestToken = 64

/** The token of a launch. A code delivers it as `scene`, encoded once by the client (platform 8.2); cards and links as `token`. */
export function tokenOf(query: Readonly<Record<string, string | undefined>>): string | null {
  const token = query['token'] ?? decoded(query['scene'])
  return token === undefined || token === '' || token.length > longestToken ? null : token
}

function decoded(scene: string | undefined): string | undefined {
  try {
    return scene === undefined ? undefined : decodeURIComponent(scene)
  } catch {
    // A hand-made address: registration goes on, without a channel.
    return undefined
  }
}

/** What is kept may have been written by an older version: whatever does not fit is left out. */
function visitOf(value: unknown): Visit | null {
  if (typeof value !== 'object' || value === null) return null
  const { token, step, formStep, visitId, savedAt } = value as Partial<Record<keyof Visit, unknown>>
  if ((token !== null && typeof token !== 'string') || (step !== 'landing' && step !== 'register') || typeof savedAt !== 'number') return null
  return { token, step, formStep: typeof formStep === 'number' ? formStep : null, visitId: typeof visitId === 'string' ? visitId : null, savedAt }
}

/** The visit that was left unfinished within the last day. */
export function resumableVisit(at: number): Visit | null {
  const visit = visitOf(readStored(key))
  return visit !== null && at - visit.savedAt < keptForMs ? visit : null
}

export function keepVisit(visit: Visit): void {
  writeStored(key, visit)
}

export function endVisit(): void {
  removeStored(key)
}
