import type { Env } from '../env.ts'
import { askEcho } from './askEcho.ts'
import { createTokenKeeper, type KeeperServices, type TokenKeeper } from '../vendor/tokenKeeper.ts'
import { createTransport, type Transport, type VendorCall } from '../vendor/transport.ts'
import { withToken } from '../vendor/withToken.ts'
import { credentialWire, readWire } from './answers.wire.ts'
import { createWecomCaller } from './caller.ts'
import { contactCalls } from './contactCalls.ts'
import { wecomErrcode } from './refusals.ts'
import { probeWecom } from './probe.ts'
import { messageCalls } from './messageCalls.ts'
import { staffCalls } from './staffCalls.ts'
import { tagCalls } from './tagCalls.ts'
import type { JsapiTicket, Wecom } from './wecom.ts'

const wrongSecretErrcodes: readonly number[] = [wecomErrcode.badSecret, wecomErrcode.badCorpId, wecomErrcode.invalidSecret]
const wrongSecretDetail = '企业微信拒绝了应用 Secret，请检查 WECOM_CORP_ID 与 WECOM_AGENT_SECRET；为避免 IP 被封禁，60 分钟内或修改配置前不再重试'

/** A limit of the minute or of the hour; those of a day or a month are tried every hour (platform 11). */
const frequencyWindowsMs = [60_000, 3_600_000]

type WecomEnv = Pick<Env, 'wecom'>

function keepAccessToken(env: WecomEnv, transport: Transport, services: KeeperServices): TokenKeeper {
  const { corpId, agentId, agentSecret } = env.wecom
  return createTokenKeeper(
    {
      vendor: 'wecom',
      app: `${corpId}/${agentId}`,
      kind: 'accessToken',
      secret: agentSecret,
      wrongSecretDetail,
      isWrongSecret: (refusal) => wrongSecretErrcodes.includes(refusal.errcode),
      async fetch() {
        const path = '/cgi-bin/gettoken'
        const json = await transport.json({ method: 'GET', path, query: { corpid: corpId, corpsecret: agentSecret } })
        const wire = readWire(credentialWire, path, json)
        return { value: wire.access_token ?? '', expiresInSeconds: wire.expires_in }
      },
    },
    services,
  )
}

/** `kind` tells the two identities apart: a ticket of one refuses to serve the other (42012, platform 2.1). */
function keepTicket(
  env: WecomEnv,
  kind: string,
  call: VendorCall,
  wire: { readonly transport: Transport; readonly accessToken: TokenKeeper },
  services: KeeperServices,
): TokenKeeper {
  return createTokenKeeper(
    {
      vendor: 'wecom',
      app: `${env.wecom.corpId}/${env.wecom.agentId}`,
      kind,
      secret: '',
      wrongSecretDetail,
      isWrongSecret: () => false,
      async fetch() {
        const json = await withToken(wire.accessToken, (token) => wire.transport.json({ ...call, query: { access_token: token, ...call.query } }))
        const answer = readWire(credentialWire, call.path, json)
        return { value: answer.ticket ?? '', expiresInSeconds: answer.expires_in }
      },
    },
    services,
  )
}

/** The WeCom edge over HTTP. @param services `db` and `cipher` keep tokens and tickets for every process. */
export function createWecom(services: KeeperServices & { readonly env: WecomEnv }): Wecom {
  const { env, now, log, sightings, callMeter } = services
  const transport = createTransport({ vendor: 'wecom', vendorName: '企业微信', base: env.wecom.apiBase, frequencyWindowsMs, now, log, sightings, ...(callMeter ? { meter: callMeter } : {}) })
  const accessToken = keepAccessToken(env, transport, services)
  const wire = { transport, accessToken }
  const corpTicket = keepTicket(env, 'corpTicket', { method: 'GET', path: '/cgi-bin/get_jsapi_ticket' }, wire, services)
  const agentTicket = keepTicket(env, 'agentTicket', { method: 'GET', path: '/cgi-bin/ticket/get', query: { type: 'agent_config' } }, wire, services)
  const caller = createWecomCaller(transport, accessToken, log)
  const ticketOf = (keeper: TokenKeeper): Promise<JsapiTicket> =>
    caller.translated(async () => {
      const { value, expiresAt } = await keeper.get()
      return { ticket: value, expiresAt }
    })
  return {
    ...staffCalls(caller),
    ...messageCalls(caller, env.wecom.agentId),
    ...contactCalls(caller),
    ...tagCalls(caller),
    getCorpTicket: () => ticketOf(corpTicket),
    getAgentTicket: () => ticketOf(agentTicket),
    probe: () => probeWecom({ env, now, log }),
    askOwnCallback: (url) => askEcho(env.wecom, url, now),
  }
}
