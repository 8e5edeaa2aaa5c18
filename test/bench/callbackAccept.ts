import { randomBytes } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { jobsFor } from '@qihui/server/src/callbacks/jobsFor.ts'
import { emptyTables, expectRows, openBenchDatabase, settle, STAFF_USER_ID, type BenchDatabase } from './benchDatabase.ts'
import { ceilingScript, sqlBytes, sqlNumber } from './ceilingScript.ts'
import type { Cluster } from './clusters.ts'
import { CONNECTIONS, httpRequest, startHttpBench } from './httpLoad.ts'
import { insertCallbackEvent } from './oneByOne.ts'
import { compare, type Result } from './rounds.ts'
import { ceilingTool, runCeiling } from './runCeiling.ts'

const EVENTS_PER_CLIENT = 1500
const OPERATIONS = CONNECTIONS * EVENTS_PER_CLIENT
const SEAL_BYTES = 29

function eventFields(corpId: string, index: number, timestamp: number): Record<string, string> {
  return {
    ToUserName: corpId,
    FromUserName: 'sys',
    CreateTime: String(timestamp),
    MsgType: 'event',
    Event: 'change_external_contact',
    ChangeType: 'edit_external_contact',
    UserID: STAFF_USER_ID,
    ExternalUserID: `wmBenchContact00000000000-${index}`,
    State: 'abcdefghijklmnopqrstuv',
  }
}

/** What WeCom would post: encrypted, signed, seconds old. */
function callbackRequests(settings: Readonly<Record<string, string>>): string[] {
  const { WECOM_CORP_ID: corpId = '', WECOM_CALLBACK_TOKEN: token = '', WECOM_CALLBACK_AES_KEY: aesKey = '' } = settings
  return Array.from({ length: OPERATIONS }, (_unused, index) => {
    const timestamp = Math.floor(Date.now() / 1000)
    const inner = Object.entries(eventFields(corpId, index, timestamp)).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`).join('')
    const encrypted = encrypt(aesKey, `<xml>${inner}</xml>`, corpId, randomBytes(16))
    const nonce = String(1_000_000_000 + index)
    const signature = getSignature(token, timestamp, nonce, encrypted)
    const body = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
    const path = `/callbacks/wecom?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
    return httpRequest('POST', path, { 'Content-Type': 'text/xml' }, body)
  })
}

function callbackScript(corpId: string): string {
  const fields = eventFields(corpId, 1, Math.floor(Date.now() / 1000))
  const event = { event: fields.Event ?? '', changeType: fields.ChangeType ?? '', fields: new Map(Object.entries(fields)) }
  const jobs = JSON.stringify(jobsFor(event, '0'.repeat(64), new Date())).replaceAll(':', "' || chr(58) || '")
  const sealedLength = SEAL_BYTES + Buffer.byteLength(JSON.stringify(Object.entries(fields)))
  return ceilingScript(insertCallbackEvent, [
    `sha256(('event' || ${sqlNumber('n')})::bytea)`,
    `'${event.event}'::text`,
    `'${event.changeType}'::text`,
    sqlBytes(sealedLength),
    'now()',
    `('${jobs}')`,
  ])
}

async function prepare(database: BenchDatabase): Promise<void> {
  await emptyTables(database)
  await settle(database)
}

async function expectEvents(database: BenchDatabase): Promise<void> {
  await expectRows(database, 'callback_event', OPERATIONS)
  await expectRows(database, 'outbox', OPERATIONS)
}

/** `callback_accept`: a signed, encrypted POST from the wire to stored-and-200 against the same insert by pgbench. */
export async function callbackAccept(cluster: Cluster, rounds: number): Promise<Result> {
  const database = await openBenchDatabase(cluster)
  const http = await startHttpBench(database.settings, cluster)
  const script = callbackScript(database.services.env.wecom.corpId)
  try {
    return await compare(
      'callback_accept',
      {
        name: `POST /callbacks/wecom, ${CONNECTIONS} connections`,
        prepare: () => prepare(database),
        async run() {
          const measure = await http.load(callbackRequests(database.settings), 'product')
          await expectEvents(database)
          return measure
        },
      },
      {
        name: `${ceilingTool}, ${CONNECTIONS} clients`,
        prepare: () => prepare(database),
        async run() {
          const measure = await runCeiling({ cluster: database.cluster, script, clients: CONNECTIONS, operationsPerClient: EVENTS_PER_CLIENT })
          await expectEvents(database)
          return measure
        },
      },
      rounds,
    )
  } finally {
    await http.close()
    await database.close()
  }
}
