import { reactive } from 'vue'
import type { LaunchOptions } from '../phone/program.ts'
import type { ScanResult } from '../../types.ts'
import type { PhoneHost } from '../phone/runtime/main.ts'
import { api } from './api.ts'
import { refresh, stage } from './stageStore.ts'

/** Scenes of the client [8.2]: card in a chat, open tag, URL link inside WeChat and outside, main entry. */
export const scenes = { card: 1007, openTag: 1167, urlLink: 1167, urlLinkOutside: 1194, main: 1001 } as const

/** What the phone shows, and the mini-program it keeps in the background. */
export const phone = reactive({
  view: 'home' as 'home' | 'chat' | 'app' | 'web',
  /** Address of the running mini-program; null when it is not running. */
  address: null as string | null,
})

let frame: HTMLIFrameElement | null = null

export function setPhoneFrame(element: unknown): void {
  frame = element instanceof HTMLIFrameElement ? element : null
}

function runningHost(): PhoneHost | null {
  return (frame?.contentWindow as (Window & { phoneHost?: PhoneHost }) | null)?.phoneHost ?? null
}

function addressFor(options: LaunchOptions): string {
  const query = new URLSearchParams(options.query).toString()
  return `/stage/phone.html?${new URLSearchParams({ person: stage.personId, path: options.path, query, scene: String(options.scene) })}`
}

/** Opens the mini-program: anew when it is not running, else by bringing it back with the new entry. */
export function openMiniProgram(options: LaunchOptions): void {
  const host = phone.address === null ? null : runningHost()
  if (host === null) phone.address = addressFor(options)
  else host.enter(options)
  phone.view = 'app'
}

/** Opens it as from the list of recently used ones. */
export function openRecent(): void {
  openMiniProgram({ path: '', query: {}, scene: scenes.main })
}

/** Sends the mini-program to the background. */
export function goHome(): void {
  if (phone.view === 'app') runningHost()?.leave()
  phone.view = 'home'
}

/** Ends the mini-program; its storage stays. */
export function killMiniProgram(): void {
  phone.address = null
  phone.view = 'home'
}

/** Gives the phone to somebody else. */
export async function givePhoneTo(personId: string): Promise<void> {
  killMiniProgram()
  stage.personId = personId
  stage.phoneChatStaff = null
  await refresh()
}

export async function openPhoneChat(staffUserId: string): Promise<void> {
  stage.phoneChatStaff = staffUserId
  phone.view = 'chat'
  await refresh()
}

/** Scans a code with the phone: opens the mini-program, or adds the employee. @returns what happened, in words. */
export async function scanCode(codeId: string): Promise<string> {
  return showScanned(await api.scan(stage.personId, codeId))
}

/** Shows what a scan led to. @returns what happened, in words. */
export async function showScanned(result: ScanResult): Promise<string> {
  stage.hasScanned = true
  if (result.kind === 'miniProgram') {
    openMiniProgram(result)
    return '已扫码，手机打开了小程序'
  }
  if (result.kind === 'contactAdded') {
    await openPhoneChat(result.staffUserId)
    return '已扫码添加员工'
  }
  return '已扫码'
}

/** A URL link of WeChat: it opens the mini-program. */
export async function openUrlLink(url: string, scene: number): Promise<void> {
  const { path, query } = await api.openLink(url)
  openMiniProgram({ path, query, scene })
}

/** A tap on a mini-program card in a chat. */
export function openCard(target: string): void {
  const [path = '', query = ''] = target.split('?', 2)
  openMiniProgram({ path, query: Object.fromEntries(new URLSearchParams(query)), scene: scenes.card })
}

/** Hears from the frame that its close button was pressed. */
export function listenToPhone(): void {
  addEventListener('message', (event: MessageEvent<{ source?: string; type?: string }>) => {
    if (event.origin === location.origin && event.data?.source === 'qihui-phone' && event.data.type === 'closed') goHome()
  })
}
