import type { ClientOs, ClientPlatform } from './clientPlatform.ts'

/** From where the page was opened: the values of `getContext` (platform 2.5); clients may add more. */
export type WecomEntry =
  | 'contact_profile'
  | 'single_chat_tools'
  | 'group_chat_tools'
  | 'chat_attachment'
  | 'single_kf_tools'
  | 'chain_single_chat_tools'
  | 'chain_group_chat_tools'
  | 'internal_group_chat_board'
  | 'normal'
  | (string & {})

/** What this client allows at this entry. What is not allowed is hidden, not tried. */
export interface Capabilities {
  readonly canReadContact: boolean
  readonly canSend: boolean
  readonly canSendMiniProgram: boolean
}

/** First client version of each call (platform 2.5). */
const readContactSince: Readonly<Record<string, string>> = {
  contact_profile: '2.5.8',
  single_chat_tools: '2.8.10',
  single_kf_tools: '3.1.10',
}
const sendSince: Readonly<Record<string, string>> = {
  single_chat_tools: '2.8.10',
  group_chat_tools: '2.8.10',
  single_kf_tools: '3.1.10',
  chat_attachment: '3.1.6',
}
const miniProgramSince: Readonly<Record<ClientOs, string>> = { ios: '3.1.0', android: '3.1.0', windows: '3.1.0', other: '3.1.0', mac: '4.1.26' }

/** The first client that can say where a page was opened (`getContext`, platform 2.5). */
export const getContextSince = '3.0.24'

/** Whether `version` is `least` or later; numbers are compared part by part, a missing part is 0. */
export function isVersionAtLeast(version: string | null, least: string): boolean {
  if (version === null) return false
  const have = version.split('.').map(Number)
  const want = least.split('.').map(Number)
  const at = want.findIndex((part, index) => part !== (have[index] ?? 0))
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0)
}

/** The capability object of {entry, os, version} (experience 2.1). */
export function capabilitiesFor(entry: WecomEntry, { os, version }: ClientPlatform): Capabilities {
  const isSince = (since: string | undefined) => since !== undefined && isVersionAtLeast(version, since)
  const canSend = isSince(sendSince[entry]) && !(entry === 'chat_attachment' && os === 'mac')
  return {
    canReadContact: isSince(readContactSince[entry]),
    canSend,
    canSendMiniProgram: canSend && isVersionAtLeast(version, miniProgramSince[os]),
  }
}
