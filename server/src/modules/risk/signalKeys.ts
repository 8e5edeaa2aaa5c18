import { isIPv6 } from 'node:net'
import type { FieldCipher } from '../../security/fieldCipher.ts'

/** What one attempt is counted by. */
export interface AttemptTraces {
  readonly ip: string
  readonly userAgent: string
  readonly namespace: string
  readonly openId: string
  /** E.164, null while unknown. */
  readonly phone: string | null
  readonly channelToken: string | null
  /** The rep of the channel. */
  readonly staffUserId: string | null
}

/** The /24 of an IPv4 address, the /48 of an IPv6 one: what one connection is usually given (domain rules g 1). */
export function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain.split('.').slice(0, 3).join('.')
  const [head = '', tail = ''] = plain.split('::')
  const [before, after] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)]
  const gap: string[] = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0') : []
  return [...before, ...gap, ...after].slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}

/** The kind of client, without anything that could single one out: system, container, major version of the container. */
export function clientFamilyOf(userAgent: string): string {
  const system = /iPhone|iPad/.test(userAgent) ? 'ios' : /Android/.test(userAgent) ? 'android' : /Windows|Macintosh/.test(userAgent) ? 'desktop' : 'other'
  const container = /(wxwork|MicroMessenger|Chrome|Safari)\/(\d+)/i.exec(userAgent)
  return container ? `${system} ${container[1]?.toLowerCase()} ${container[2]}` : system
}

/** First seven digits of a national number: what numbers bought in one lot share. */
function segmentOf(phone: string): string {
  return phone.replace(/^\+86/, '').slice(0, 7)
}

/** The counters one attempt goes into, by name; keyed hashes, never an address, number or id (R95). */
export function signalKeys(cipher: FieldCipher, traces: AttemptTraces): { readonly signals: string[]; readonly keys: Buffer[] } {
  const { ip, userAgent, phone, channelToken, staffUserId } = traces
  const named: [string, string | null][] = [
    ['ip', ip],
    ['network', networkOf(ip)],
    ['segment', phone && segmentOf(phone)],
    ['channel', channelToken],
    ['rep', staffUserId],
    ['client', channelToken && `${channelToken}|${clientFamilyOf(userAgent)}`],
  ]
  const known = named.filter((each): each is [string, string] => each[1] !== null)
  return { signals: known.map(([signal]) => signal), keys: known.map(([signal, value]) => cipher.indexOf(`risk.${signal}`, value)) }
}

/** One account and one phone as keyed hashes, for counting how many of the one go with the other. */
export function pairKeys(cipher: FieldCipher, traces: Pick<AttemptTraces, 'namespace' | 'openId' | 'phone'>): { readonly account: Buffer; readonly phone: Buffer | null } {
  return { account: cipher.indexOf('risk.account', `${traces.namespace}|${traces.openId}`), phone: traces.phone === null ? null : cipher.indexOf('risk.phone', traces.phone) }
}
