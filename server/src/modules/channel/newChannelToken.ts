import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const tokenLength = 22

/** 128 bits from the system's generator in base62: fits a mini-program scene (32) and a contact way's state (30), and cannot be guessed (R13). */
export function newChannelToken(): string {
  let rest = BigInt(`0x${randomBytes(16).toString('hex')}`)
  let token = ''
  for (let index = 0; index < tokenLength; index += 1) {
    token = alphabet.charAt(Number(rest % 62n)) + token
    rest /= 62n
  }
  return token
}
