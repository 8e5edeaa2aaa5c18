import { encrypt, getSignature } from '@wecom/crypto'
import { credentials } from '../world/credentials.ts'
import { toSeconds } from '../world/state.ts'
import type { WorldState } from '../world/state.ts'

/** The answer to the echo check must come within one second [7.1]. */
const VERIFY_TIMEOUT_MS = 1_000

/**
 * Saves the callback address in the console: GET with an encrypted echo; the bare plaintext must come back, no quotes, BOM or newline.
 * @returns why the console would refuse to save, or null when it saves
 */
export async function verifyUrl(state: WorldState, serverUrl: string | null): Promise<string | null> {
  if (serverUrl === null) return 'no server behind the sandbox'
  const plaintext = state.nextHex('echo', 19).replace(/[a-f]/g, '1')
  const echostr = encrypt(credentials.callbackAesKey, plaintext, credentials.corpId)
  const timestamp = String(toSeconds(state.clock.now()))
  const nonce = state.nextHex('nonce', 10).replace(/[a-f]/g, '3')
  const signature = getSignature(credentials.callbackToken, timestamp, nonce, echostr)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr })
  try {
    const answer = await fetch(`${serverUrl}/callbacks/wecom?${query}`, { signal: AbortSignal.timeout(VERIFY_TIMEOUT_MS) })
    const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    if (answer.status !== 200) return `status ${answer.status}`
    return text === plaintext ? null : 'the answer is not the bare plaintext'
  } catch {
    return 'no answer within one second'
  }
}
