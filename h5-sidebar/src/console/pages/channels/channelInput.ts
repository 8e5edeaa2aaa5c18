import type { ChannelDraft } from '../../../api/consoleApi.ts'
import { beijingInstant } from '../../labels/beijing.ts'

/** What the form holds: an empty text means that nothing was chosen. */
export interface ChannelInput {
  kind: 'scan' | 'inviteLink'
  name: string
  storeName: string
  staffUserId: string
  utm: { source: string; medium: string; campaign: string; term: string; content: string }
  formKey: string
  bindingMode: 'forced' | 'progressive' | 'independent'
  corpTagIds: string[]
  welcomeText: string
  /** Beijing clock as the date picker writes it. */
  expiresAt: string | null
  maxRegistrations: number | null
}

export function emptyChannelInput(): ChannelInput {
  return {
    ...{ kind: 'scan', name: '', storeName: '', staffUserId: '', formKey: '', bindingMode: 'progressive', corpTagIds: [], welcomeText: '' },
    ...{ utm: { source: '', medium: '', campaign: '', term: '', content: '' }, expiresAt: null, maxRegistrations: null },
  }
}

/** The request that the form means: what was left empty is not sent. */
export function channelDraftOf(input: ChannelInput): ChannelDraft {
  const chosen = (text: string) => (text.trim() === '' ? undefined : text.trim())
  return {
    kind: input.kind,
    name: input.name,
    storeName: chosen(input.storeName),
    staffUserId: chosen(input.staffUserId),
    utm: Object.fromEntries(Object.entries(input.utm).flatMap(([key, value]) => (value.trim() === '' ? [] : [[key, value.trim()]]))),
    formKey: chosen(input.formKey),
    bindingMode: input.bindingMode,
    corpTagIds: input.corpTagIds,
    welcomeText: chosen(input.welcomeText),
    expiresAt: input.expiresAt ? beijingInstant(input.expiresAt) : undefined,
    maxRegistrations: input.maxRegistrations ?? undefined,
  }
}
