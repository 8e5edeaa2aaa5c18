import type { RegistrationEntry } from '@qihui/shared/registration'

/**
 * The channel a registration counts for, as the part of a body. A confirmation link that is closed confirms nothing any more: the
 * person registers as anybody else does. Whether any other channel still counts is for the server to say.
 */
export function channelTokenOf({ channel }: RegistrationEntry): { channelToken?: string } {
  const isSpent = channel === null || (channel.kind === 'confirmation' && channel.state !== 'open')
  return isSpent ? {} : { channelToken: channel.token }
}
