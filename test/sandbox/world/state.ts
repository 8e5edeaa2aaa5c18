import { stableId, stableHex } from './random.ts'
import { seedPeople } from './seedPeople.ts'
import { seedStaff } from './seedStaff.ts'
import { createGrants } from './grants.ts'
import type { Grants } from './grants.ts'
import type { SandboxSettings } from '../settings.ts'
import type { CallbackEvent, ChatMessage, OutboxMessage, SandboxClock, SandboxPerson, SandboxStaff } from '../types.ts'

/** A relation as the platform stores it; `FollowRelation` is its public view. */
export interface RelationState {
  readonly staffUserId: string
  readonly personId: string
  readonly createdAt: number
  readonly addWay: number
  readonly state: string | null
  remark: string
  description: string
  remarkCompany: string
  remarkMobiles: string[]
  tagIds: string[]
  isDeletedByCustomer: boolean
  isDeletedByMember: boolean
}

export interface CorpTagState {
  readonly tagId: string
  name: string
  order: number
  readonly createdAt: number
  readonly isMadeByApp: boolean
}

export interface CorpTagGroupState {
  readonly groupId: string
  name: string
  order: number
  readonly createdAt: number
  readonly isMadeByApp: boolean
  readonly tags: CorpTagState[]
}

export interface ContactWayState {
  readonly configId: string
  readonly type: 1 | 2
  readonly scene: 1 | 2
  readonly createdAt: number
  readonly isTemp: boolean
  style: number
  remark: string
  skipVerify: boolean
  state: string
  user: string[]
  party: number[]
}

export interface MiniProgramCodeState {
  readonly codeId: string
  readonly page: string
  readonly scene: string
  readonly createdAt: number
  readonly image: Buffer
}

export interface UrlLinkState {
  readonly path: string
  readonly query: string
  readonly expiresAt: number
}

export interface TicketState {
  readonly ticket: string
  readonly kind: 'corp' | 'agent' | 'officialAccount'
  readonly expiresAt: number
}

/** The whole memory of the platform. Rooms below `world/` and the vendor handlers read and write it; nobody else does. */
export interface WorldState {
  readonly seed: number
  readonly clock: SandboxClock
  readonly settings: SandboxSettings
  readonly staff: SandboxStaff[]
  readonly people: readonly SandboxPerson[]
  readonly peopleById: ReadonlyMap<string, SandboxPerson>
  readonly peopleByExternalUserId: ReadonlyMap<string, SandboxPerson>
  /** Key `staffUserId personId`, in the order the relations came up. */
  readonly relations: Map<string, RelationState>
  readonly chats: Map<string, ChatMessage[]>
  readonly tagGroups: CorpTagGroupState[]
  readonly contactWays: Map<string, ContactWayState>
  readonly contactWayImages: Map<string, Buffer>
  readonly miniProgramCodes: Map<string, MiniProgramCodeState>
  readonly urlLinks: Map<string, UrlLinkState>
  readonly tickets: TicketState[]
  /** Newest last. */
  readonly outbox: OutboxMessage[]
  /** By personId; everybody else has 0. */
  readonly riskRanks: Map<string, number>
  /** People whose web authorisation comes from a snapshot page. */
  readonly snapshotPeople: Set<string>
  readonly grants: Grants
  /** Remaining paid phone verifications; null: unlimited. */
  phoneQuota: number | null
  /** The one address of the sandbox, for pictures. */
  publicUrl: string
  /** How many ids of each kind were given out. */
  readonly counters: Map<string, number>
  /** Next deterministic id of a kind. */
  nextId(purpose: string, length: number): string
  nextHex(purpose: string, length: number): string
  /** Hands an event to the callback sender. */
  raise(event: CallbackEvent): void
}

/** An empty platform with its people. Relations and console tags come from `seedRelations`. */
export function createState(input: { seed: number; clock: SandboxClock; settings: SandboxSettings; peopleCount?: number | undefined }): WorldState {
  const { seed, clock, settings } = input
  const people = seedPeople(seed, input.peopleCount)
  const counters = new Map<string, number>()
  const count = (purpose: string): string => {
    const next = (counters.get(purpose) ?? 0) + 1
    counters.set(purpose, next)
    return String(next)
  }
  const nextId = (purpose: string, length: number): string => stableId(seed, purpose, count(purpose), length)
  return {
    seed,
    clock,
    settings,
    staff: seedStaff(),
    people,
    peopleById: new Map(people.map((person) => [person.personId, person])),
    peopleByExternalUserId: new Map(people.map((person) => [person.externalUserId, person])),
    relations: new Map(),
    chats: new Map(),
    tagGroups: [],
    contactWays: new Map(),
    contactWayImages: new Map(),
    miniProgramCodes: new Map(),
    urlLinks: new Map(),
    tickets: [],
    outbox: [],
    riskRanks: new Map(),
    snapshotPeople: new Set(),
    grants: createGrants(clock, nextId),
    phoneQuota: null,
    publicUrl: '',
    counters,
    nextId,
    nextHex: (purpose, length) => stableHex(seed, purpose, count(purpose), length),
    raise: () => undefined,
  }
}

/** Seconds since the epoch, as the platform counts. */
export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

export function pairKey(staffUserId: string, personId: string): string {
  return `${staffUserId} ${personId}`
}

/** userid is case-insensitive [0.1]. */
export function findStaff(state: WorldState, userId: string): SandboxStaff | undefined {
  const wanted = userId.toLowerCase()
  return state.staff.find((member) => member.userId.toLowerCase() === wanted)
}
