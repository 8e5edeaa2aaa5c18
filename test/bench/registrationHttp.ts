import { randomUUID } from 'node:crypto'
import { CHANNEL_TOKEN, CONSENT_KIND, FORM_VERSION, openBenchDatabase, POLICY_VERSION, visitorOf } from './benchDatabase.ts'
import { uuidOf } from './ceilingScript.ts'
import type { Cluster } from './clusters.ts'
import { CONNECTIONS, httpRequest, startHttpBench } from './httpLoad.ts'
import { registrationScript } from './registrationCeiling.ts'
import { CLIENTS, expectRegistrations, prepareRegistrations, REGISTRATIONS_PER_CLIENT } from './registrationTx.ts'
import { compare, type Result } from './rounds.ts'
import { ceilingTool, CLIENT_STRIDE, runCeiling } from './runCeiling.ts'

/** Numbers of many lots, as people have: the factor shares no divisor with the modulus. One lot would be held as a batch (R95). */
const phoneOf = (number: number) => `138${String((number * 38_742_043) % 100_000_000).padStart(8, '0')}`

function registrationRequests(): string[] {
  return Array.from({ length: CLIENTS * REGISTRATIONS_PER_CLIENT }, (_unused, index) => {
    const number = (index % CLIENTS) * CLIENT_STRIDE + Math.floor(index / CLIENTS) + 1
    const body = JSON.stringify({
      phoneCode: phoneOf(number),
      consentIds: [uuidOf(number, CONSENT_KIND)],
      policyVersion: POLICY_VERSION,
      formVersion: FORM_VERSION,
      channelToken: CHANNEL_TOKEN,
    })
    const headers = { Authorization: `Bearer ${visitorOf(number).sessionToken}`, 'Idempotency-Key': randomUUID(), 'Content-Type': 'application/json' }
    return httpRequest('POST', '/api/members/registrations', headers, body)
  })
}

/** `registration_http`: the whole request with all middleware against the statement by pgbench. */
export async function registrationHttp(cluster: Cluster, rounds: number): Promise<Result> {
  const database = await openBenchDatabase(cluster)
  const http = await startHttpBench(database.settings, cluster)
  try {
    return await compare(
      'registration_http',
      {
        name: `POST /api/members/registrations, ${CONNECTIONS} connections, phone code answered in process`,
        prepare: () => prepareRegistrations(database),
        async run() {
          const measure = await http.load(registrationRequests(), 'product')
          await expectRegistrations(database)
          return measure
        },
      },
      {
        name: `${ceilingTool}, ${CLIENTS} clients`,
        prepare: () => prepareRegistrations(database),
        async run() {
          const script = registrationScript(database.services.env)
          const measure = await runCeiling({ cluster: database.cluster, script, clients: CLIENTS, operationsPerClient: REGISTRATIONS_PER_CLIENT })
          await expectRegistrations(database)
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
