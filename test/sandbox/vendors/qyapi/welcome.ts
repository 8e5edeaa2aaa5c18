import { pairKey } from '../../world/state.ts'
import { limitBytes, recordList, requiredString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Grant } from '../../world/grants.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { ChatMessage } from '../../types.ts'

const MAX_TEXT_BYTES = 4_000
const MAX_ATTACHMENTS = 9

type Fields = Readonly<Record<string, unknown>>

/** Required fields of each attachment kind; `a|b` means one of them [4.5]. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  image: ['media_id|pic_url'],
  link: ['title', 'url'],
  miniprogram: ['title', 'pic_media_id', 'appid', 'page'],
  video: ['media_id'],
  file: ['media_id'],
}
const BYTE_LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  link: { title: 128, desc: 512 },
  miniprogram: { title: 64 },
}

function textOf(fields: Fields, key: string): string {
  const value = fields[key]
  return typeof value === 'string' ? value : ''
}

/** The attachment as a chat message. @throws VendorError 41065 unknown kind, 40063 a required field is empty */
function readAttachment(call: VendorCall, attachment: Fields): Omit<ChatMessage, 'at'> {
  const kind = textOf(attachment, 'msgtype')
  const required = REQUIRED[kind]
  if (!required) throw new VendorError(41065, 'invalid attachment msgtype')
  const fields = (attachment[kind] ?? {}) as Fields
  for (const choice of required) {
    if (!choice.split('|').some((key) => textOf(fields, key) !== '')) throw new VendorError(40063, `missing ${kind}.${choice}`)
  }
  for (const [key, limit] of Object.entries(BYTE_LIMITS[kind] ?? {})) limitBytes(call, `${kind}.${key}`, textOf(fields, key), limit)
  const imageUrl = textOf(fields, 'picurl') || textOf(fields, 'pic_url') || null
  if (kind === 'link') return { from: 'staff', kind: 'link', text: textOf(fields, 'title'), target: textOf(fields, 'url'), imageUrl }
  if (kind === 'miniprogram') {
    return { from: 'staff', kind: 'miniProgram', text: textOf(fields, 'title'), target: textOf(fields, 'page'), imageUrl: null }
  }
  const label = kind === 'image' ? '[图片]' : kind === 'video' ? '[视频]' : '[文件]'
  return { from: 'staff', kind: 'text', text: label, target: null, imageUrl }
}

function readMessages(call: VendorCall): Array<Omit<ChatMessage, 'at'>> {
  const text = call.body['text'] as Fields | undefined
  const content = text && typeof text === 'object' ? textOf(text, 'content') : ''
  const attachments = recordList(call, 'attachments')
  if (!content && attachments.length === 0) throw new VendorError(40063, 'text or attachments required')
  if (attachments.length > MAX_ATTACHMENTS) throw new VendorError(41064, 'too many attachments')
  limitBytes(call, 'text.content', content, MAX_TEXT_BYTES)
  const first: Array<Omit<ChatMessage, 'at'>> = content ? [{ from: 'staff', kind: 'text', text: content, target: null, imageUrl: null }] : []
  return [...first, ...attachments.map((attachment) => readAttachment(call, attachment))]
}

/** 41050 unknown, used or expired; 41051 the two are already talking or another welcome was sent [4.5]. */
function takeWelcome(call: VendorCall): Grant {
  const { grants, chats } = call.state
  const grant = grants.find('welcome', requiredString(call, 'welcome_code', 41049))
  if (!grant || grant.isUsed || grants.isExpired(grant)) throw new VendorError(41050, 'invalid welcome_code')
  const chat = chats.get(pairKey(grant.staffUserId ?? '', grant.personId ?? '')) ?? []
  if (chat.length > 0) throw new VendorError(41051, 'welcome message already sent or conversation started')
  return grant
}

function sendWelcome(call: VendorCall): VendorAnswer {
  const grant = takeWelcome(call)
  const messages = readMessages(call)
  grant.isUsed = true
  const at = call.state.clock.now()
  call.state.chats.set(pairKey(grant.staffUserId ?? '', grant.personId ?? ''), messages.map((message) => ({ at, ...message })))
  return {}
}

export const welcomeEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/cgi-bin/externalcontact/send_welcome_msg',
    meaning: '发送新客户欢迎语',
    token: 'access',
    needsContactApi: true,
    effectKey: (call) => requiredString(call, 'welcome_code'),
    handle: sendWelcome,
  },
]
