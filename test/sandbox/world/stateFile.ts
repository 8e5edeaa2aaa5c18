import { readFile, rename, writeFile } from 'node:fs/promises'
import { drawCode, drawContactWay, miniProgramCodeContent } from './codes.ts'
import type { TokenKeeper, TokenRecord } from '../vendors/tokens.ts'
import type { ContactWayState, CorpTagGroupState, RelationState, TicketState, UrlLinkState, WorldState } from './state.ts'
import type { ChatMessage, OutboxMessage, SandboxStaff } from '../types.ts'

/** Raised whenever the shape below changes; other files are set aside and the world starts anew. */
const VERSION = 1
const SAVE_EVERY_MS = 1_000

interface Snapshot {
  readonly version: number
  readonly seed: number
  readonly counters: ReadonlyArray<[string, number]>
  readonly staff: readonly SandboxStaff[]
  readonly relations: ReadonlyArray<[string, RelationState]>
  readonly chats: ReadonlyArray<[string, ChatMessage[]]>
  readonly tagGroups: readonly CorpTagGroupState[]
  readonly contactWays: ReadonlyArray<[string, ContactWayState]>
  readonly miniProgramCodes: ReadonlyArray<{ codeId: string; page: string; scene: string; createdAt: number }>
  readonly urlLinks: ReadonlyArray<[string, UrlLinkState]>
  readonly tickets: readonly TicketState[]
  readonly tokens: readonly TokenRecord[]
  /** Absent in files of earlier days. */
  readonly outbox?: readonly OutboxMessage[]
}

const MINI_PROGRAM_CODE_PX = 430

function takeSnapshot(state: WorldState, tokens: TokenKeeper): Snapshot {
  return {
    version: VERSION,
    seed: state.seed,
    counters: [...state.counters],
    staff: state.staff,
    relations: [...state.relations],
    chats: [...state.chats],
    tagGroups: state.tagGroups,
    contactWays: [...state.contactWays],
    miniProgramCodes: [...state.miniProgramCodes.values()].map(({ codeId, page, scene, createdAt }) => ({ codeId, page, scene, createdAt })),
    urlLinks: [...state.urlLinks],
    tickets: state.tickets,
    tokens: tokens.records(),
    outbox: state.outbox,
  }
}

function refill<Key, Value>(target: Map<Key, Value>, entries: ReadonlyArray<[Key, Value]>): void {
  target.clear()
  for (const [key, value] of entries) target.set(key, value)
}

async function restore(state: WorldState, tokens: TokenKeeper, snapshot: Snapshot): Promise<void> {
  refill(state.counters, snapshot.counters)
  refill(state.relations, snapshot.relations)
  refill(state.chats, snapshot.chats)
  refill(state.contactWays, snapshot.contactWays)
  refill(state.urlLinks, snapshot.urlLinks)
  state.staff.splice(0, state.staff.length, ...snapshot.staff)
  state.tagGroups.splice(0, state.tagGroups.length, ...snapshot.tagGroups)
  state.tickets.splice(0, state.tickets.length, ...snapshot.tickets)
  state.outbox.splice(0, state.outbox.length, ...(snapshot.outbox ?? []))
  tokens.restore(snapshot.tokens)
  for (const way of state.contactWays.values()) if (way.scene === 2) await drawContactWay(state, way.configId)
  for (const code of snapshot.miniProgramCodes) {
    const content = miniProgramCodeContent(code.page, code.scene)
    state.miniProgramCodes.set(content, { ...code, image: await drawCode(content, MINI_PROGRAM_CODE_PX) })
  }
}

/** Reads the file; null when there is none or it is of another version, another seed or broken. */
async function readSnapshot(path: string, seed: number): Promise<Snapshot | null> {
  try {
    const snapshot = JSON.parse(await readFile(path, 'utf8')) as Snapshot
    return snapshot.version === VERSION && snapshot.seed === seed ? snapshot : null
  } catch {
    return null
  }
}

/**
 * Brings back the world of an earlier run: the product's database remembers contact ways, codes, tickets and relations, so the
 * platform must too. Without a usable file the fresh world stays.
 */
export async function restoreState(path: string, state: WorldState, tokens: TokenKeeper): Promise<void> {
  const snapshot = await readSnapshot(path, state.seed)
  if (snapshot) await restore(state, tokens, snapshot)
}

/** Saves each second when something changed (a killed sandbox loses at most that second) and when closed. */
export function keepState(path: string, state: WorldState, tokens: TokenKeeper): { close(): Promise<void> } {
  let saved = ''
  let saving = Promise.resolve()
  const save = async (): Promise<void> => {
    const text = JSON.stringify(takeSnapshot(state, tokens))
    if (text === saved) return
    await writeFile(`${path}.new`, text, { mode: 0o600 })
    await rename(`${path}.new`, path)
    saved = text
  }
  const timer = setInterval(() => {
    saving = saving.then(save).catch((error: unknown) => console.error(`sandbox state not saved: ${(error as Error).message}`))
  }, SAVE_EVERY_MS)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await saving
      await save()
    },
  }
}
