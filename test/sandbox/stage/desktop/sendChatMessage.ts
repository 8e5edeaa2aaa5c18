import type { DesktopContext } from './context.ts'

type Parameters = Readonly<Record<string, unknown>>

/** A message as the sandbox keeps it. */
interface OutgoingMessage {
  readonly kind: 'text' | 'link' | 'miniProgram'
  readonly text: string
  readonly target: string | null
  readonly imageUrl: string | null
}

function isPicture(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value)
}

function partOf(parameters: Parameters, name: string): Parameters {
  const part = parameters[name]
  return typeof part === 'object' && part !== null ? (part as Parameters) : {}
}

/** Reads the parameters of `sendChatMessage` [2.5]; a string is the client's reason for refusing. */
function readMessage(parameters: Parameters): OutgoingMessage | string {
  const { msgtype } = parameters
  if (msgtype === 'text') {
    const { content } = partOf(parameters, 'text')
    return typeof content === 'string' && content !== '' ? { kind: 'text', text: content, target: null, imageUrl: null } : 'invalid content'
  }
  if (msgtype === 'news') {
    const { link, title, imgUrl } = partOf(parameters, 'news')
    if (typeof link !== 'string' || !URL.canParse(link)) return 'invalid link'
    return { kind: 'link', text: String(title), target: link, imageUrl: isPicture(imgUrl) ? String(imgUrl) : null }
  }
  if (msgtype === 'miniprogram') {
    const { title, imgUrl, page } = partOf(parameters, 'miniprogram')
    if (!isPicture(imgUrl)) return 'invalid imgUrl'
    if (typeof page !== 'string' || !/\.html(\?|$)/.test(page)) return 'invalid page'
    return { kind: 'miniProgram', text: String(title), target: page.replace(/\.html(?=\?|$)/, ''), imageUrl: String(imgUrl) }
  }
  return 'invalid msgtype'
}

/**
 * Sends into the chat the sidebar stands beside; only toolbar entries may.
 * @returns null when sent, else the client's reason
 */
export async function sendChatMessage(parameters: Parameters, context: DesktopContext, post: (path: string, body: unknown) => Promise<unknown>): Promise<string | null> {
  if (!context.hasContactRight) return 'no permission'
  if (context.entry !== 'single_chat_tools' || context.personId === null) return 'without context of external contact'
  const message = readMessage(parameters)
  if (typeof message === 'string') return message
  await post('/messages', { staffUserId: context.staffUserId, personId: context.personId, from: 'staff', ...message })
  return null
}
