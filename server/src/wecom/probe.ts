import type { DoctorFacts, VendorCause } from '@qihui/shared/doctor'
import type { Logger } from 'pino'
import type { Env } from '../env.ts'
import { probeCall, reach } from '../vendor/probe.ts'
import { createTransport, type Transport } from '../vendor/transport.ts'
import { agentWire, credentialWire, followStaffWire, readWire, tagListWire } from './answers.wire.ts'
import { callerIpOf } from './refusals.ts'

/** What WeCom's side of a diagnosis needs; asked in one go. */
export type WecomProbe = Pick<DoctorFacts, 'clockSkewMs' | 'agent' | 'followStaff'> & {
  readonly token: DoctorFacts['wecomToken']
  /** Ids of every tag of the library. */
  readonly corpTagIds: Exclude<DoctorFacts['corpTags'], { outcome: 'ok' }> | { readonly outcome: 'ok'; readonly value: ReadonlySet<string> }
}

/** What an error number of qyapi.weixin.qq.com means for the set-up (platform 1.1, 4, 6). */
const meanings: Readonly<Record<number, VendorCause>> = {
  40001: 'badSecret',
  40013: 'badId',
  40091: 'badSecret',
  41002: 'badId',
  45009: 'rateLimited',
  45033: 'rateLimited',
  48002: 'notCallable',
  48006: 'rightWithdrawn',
  50003: 'agentClosed',
  60020: 'ipNotTrusted',
  301002: 'wrongAgent',
}
const meaningOf = (errcode: number): VendorCause => meanings[errcode] ?? 'other'

function askWith(transport: Transport, token: string, agentId: string) {
  const query = { access_token: token }
  return {
    async agent() {
      const path = '/cgi-bin/agent/get'
      const wire = readWire(agentWire, path, await transport.json({ method: 'GET', path, query: { ...query, agentid: agentId } }))
      const visibleEntries = wire.allow_userinfos.user.length + wire.allow_partys.partyid.length + wire.allow_tags.tagid.length
      return { isClosed: wire.close === 1, visibleEntries, trustedDomain: wire.redirect_domain }
    },
    async followStaff() {
      const path = '/cgi-bin/externalcontact/get_follow_user_list'
      return readWire(followStaffWire, path, await transport.json({ method: 'GET', path, query })).follow_user.length
    },
    async corpTagIds() {
      const path = '/cgi-bin/externalcontact/get_corp_tag_list'
      const wire = readWire(tagListWire, path, await transport.json({ method: 'POST', path, query, body: {} }))
      return new Set(wire.tag_group.filter((group) => !group.deleted).flatMap((group) => group.tag.filter((tag) => !tag.deleted).map((tag) => tag.id)))
    },
  }
}

/**
 * Asks WeCom about every setting, with a token of its own: what the product keeps may be older than the settings.
 * One look costs one try of the secret; repeated wrong ones get the address banned for an hour, so it is never made on a schedule.
 */
export async function probeWecom({ env, now, log }: { readonly env: Pick<Env, 'wecom'>; readonly now: () => Date; readonly log: Logger }): Promise<WecomProbe> {
  const { corpId, agentId, agentSecret, apiBase } = env.wecom
  const { silence, clockSkewMs } = await reach(`${apiBase.replace(/\/+$/, '')}/cgi-bin/gettoken`, now)
  const unasked = { agent: null, followStaff: null, corpTagIds: null }
  if (silence !== null) return { clockSkewMs, token: { outcome: 'silent', cause: silence }, ...unasked }
  const transport = createTransport({ vendor: 'wecom', vendorName: '企业微信', base: apiBase, now, log })
  const path = '/cgi-bin/gettoken'
  const bought = await probeCall(
    async () => readWire(credentialWire, path, await transport.json({ method: 'GET', path, query: { corpid: corpId, corpsecret: agentSecret } })).access_token ?? '',
    meaningOf,
    callerIpOf,
  )
  if (bought.outcome !== 'ok') return { clockSkewMs, token: bought, ...unasked }
  const ask = askWith(transport, bought.value, agentId)
  return {
    clockSkewMs,
    token: { outcome: 'ok', value: null },
    agent: await probeCall(ask.agent, meaningOf, callerIpOf),
    followStaff: await probeCall(ask.followStaff, meaningOf, callerIpOf),
    corpTagIds: await probeCall(ask.corpTagIds, meaningOf, callerIpOf),
  }
}
