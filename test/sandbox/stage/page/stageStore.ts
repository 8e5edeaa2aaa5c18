import { computed, reactive } from 'vue'
import type { ChatMessage, WireEntry } from '../../types.ts'
import type { DesktopEntry } from '../desktop/context.ts'
import { api, type StageMessage, type StageState } from './api.ts'

/** Lines of the wire kept on the page. */
const maximumLines = 300
/** A burst of wire lines asks for the state once. */
const refreshDelayMs = 300

/** Everything the page shows. */
export const stage = reactive({
  state: null as StageState | null,
  /** Who holds the phone, and who sits at the desktop. */
  personId: 'p001',
  staffUserId: 'rep.li',
  entry: 'single_chat_tools' as DesktopEntry,
  /** The customer whose chat is open on the desktop. */
  customerId: null as string | null,
  deskChat: [] as readonly ChatMessage[],
  phoneChat: [] as readonly ChatMessage[],
  phoneChatStaff: null as string | null,
  /** Messages of our app to whoever sits at the desktop, oldest first, and how many each employee has seen. */
  appMessages: [] as readonly StageMessage[],
  seenMessages: {} as Record<string, number>,
  /** Counts up to open the sidebar anew, as the client does for every chat. */
  sidebarVisit: 0,
  wire: [] as WireEntry[],
  notice: '',
  hasScanned: false,
  hasJoined: false,
})

export const person = computed(() => stage.state?.people.find(({ personId }) => personId === stage.personId) ?? null)
export const staff = computed(() => stage.state?.staff.find(({ userId }) => userId === stage.staffUserId) ?? null)
export const customer = computed(() => stage.state?.people.find(({ personId }) => personId === stage.customerId) ?? null)
/** Relations of the person at the desktop, newest first. */
export const customers = computed(() => {
  const own = stage.state?.relations.filter(({ staffUserId }) => staffUserId === stage.staffUserId) ?? []
  return [...own].sort((a, b) => b.createdAt - a.createdAt)
})
/** Staff the person with the phone has added. */
export const advisers = computed(() => stage.state?.relations.filter(({ personId }) => personId === stage.personId) ?? [])

export function nameOfPerson(personId: string): string {
  return stage.state?.people.find((one) => one.personId === personId)?.name ?? personId
}

export function nameOfStaff(userId: string): string {
  return stage.state?.staff.find((one) => one.userId === userId)?.name ?? userId
}

/** App messages the person at the desktop has not looked at. */
export const unreadMessages = computed(() => stage.appMessages.length - (stage.seenMessages[stage.staffUserId] ?? 0))

/** An instant of the sandbox in words. */
export function instantOf(at: number): string {
  return new Date(at).toLocaleString('zh-CN', { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })
}

/** A day of the sandbox in words. */
export function dayOf(at: number): string {
  return new Date(at).toLocaleDateString('zh-CN', { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'Asia/Shanghai' })
}

let noticeTimer: ReturnType<typeof setTimeout> | undefined

/** Says something at the foot of the page, for eyes and for screen readers. */
export function notify(text: string): void {
  stage.notice = text
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => { stage.notice = '' }, 6000)
}

/** Runs an action of the page and shows its refusal in words. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error))
  }
}

/** Reads the world again: people, relations, codes and the two open chats. */
export async function refresh(): Promise<void> {
  stage.state = await api.state()
  const { staffUserId, customerId, personId, phoneChatStaff } = stage
  stage.deskChat = customerId === null ? [] : (await api.chat(staffUserId, customerId)).messages
  stage.appMessages = (await api.appMessages(staffUserId)).messages
  if (stage.entry === 'normal') stage.seenMessages[staffUserId] = stage.appMessages.length
  stage.phoneChat = phoneChatStaff === null ? [] : (await api.chat(phoneChatStaff, personId)).messages
}

/** Opens a chat on the desktop; the sidebar is made anew, as in the client. */
export async function openChat(customerId: string | null): Promise<void> {
  stage.customerId = customerId
  stage.sidebarVisit += 1
  await refresh()
}

export async function setEntry(entry: DesktopEntry): Promise<void> {
  stage.entry = entry
  stage.sidebarVisit += 1
  await refresh()
}

/** Somebody else sits down at the desktop: the client logs in as them. */
export async function switchStaff(staffUserId: string): Promise<void> {
  await api.switchStaff(staffUserId)
  stage.staffUserId = staffUserId
  await refresh()
  const known = customers.value.find(({ personId }) => personId === stage.personId) ?? customers.value[0]
  await openChat(known?.personId ?? null)
}

let refreshTimer: ReturnType<typeof setTimeout> | undefined

function noteProgress(entry: WireEntry): void {
  if (entry.what === 'POST /api/members/registrations' && entry.status === 201) stage.hasJoined = true
}

/** Follows the wire live; whatever happens on it, the page reads the world again. */
export function followWire(): void {
  const source = new EventSource('/_sandbox/wire/stream')
  source.addEventListener('message', (event) => {
    const entry = JSON.parse(String(event.data)) as WireEntry
    if (stage.wire.some(({ id }) => id === entry.id)) return
    stage.wire = [entry, ...stage.wire].slice(0, maximumLines)
    noteProgress(entry)
    clearTimeout(refreshTimer)
    refreshTimer = setTimeout(() => void attempt(refresh), refreshDelayMs)
  })
}
