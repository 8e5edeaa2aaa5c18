import { WorldError } from './errors.ts'
import type { WorldState } from './state.ts'
import type { OutboxMessage } from '../types.ts'

/** Messages kept; the oldest fall out. */
const MAX_MESSAGES = 1_000

/** Whose phone rings: numbers are compared by their 11 digits, in any spelling. */
function ownerOf(state: WorldState, medium: OutboxMessage['medium'], to: string): string | null {
  if (medium === 'app') return null
  const digits = to.replace(/\D/g, '').slice(-11)
  const isOwner = medium === 'sms' ? (phone: string | null) => phone === digits : (_: string | null, email: string) => email === to.toLowerCase()
  return state.people.find(({ phone, email }) => isOwner(phone, email))?.personId ?? null
}

/**
 * Puts a message into the inbox of whom it is for. A reference that was seen before is the same message: nothing is added.
 * @returns the message as it is kept
 * @throws WorldError when the number is no mainland mobile
 */
export function receiveMessage(state: WorldState, message: Omit<OutboxMessage, 'messageId' | 'at' | 'personId'>): OutboxMessage {
  const known = message.clientRef === null ? undefined : state.outbox.find(({ medium, clientRef }) => medium === message.medium && clientRef === message.clientRef)
  if (known) return known
  if (message.medium === 'sms' && !/^(?:\+?86)?1[3-9]\d{9}$/.test(message.to)) throw new WorldError('号码不是大陆手机号')
  const kept: OutboxMessage = {
    messageId: `msg-${state.nextHex('outbox', 12)}`, at: state.clock.now(), personId: ownerOf(state, message.medium, message.to), ...message,
  }
  state.outbox.push(kept)
  if (state.outbox.length > MAX_MESSAGES) state.outbox.shift()
  return kept
}
