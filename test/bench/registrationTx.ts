import { randomUUID } from 'node:crypto'
import { requestHashOf } from '@qihui/server/src/http/idempotency.ts'
import type { MemberActor } from '@qihui/server/src/http/actor.ts'
import { miniProgramNamespace } from '@qihui/server/src/modules/identity/namespaces.ts'
import { registerMember } from '@qihui/server/src/modules/registration/commands.ts'
import { sessionSource } from '@qihui/server/src/modules/registration/source.ts'
import {
  addStaffAndChannel, addVisitors, CHANNEL_TOKEN, CONSENT_KIND, emptyTables, expectRows, FORM_VERSION, openBenchDatabase, POLICY_VERSION, settle, visitorOf,
  type BenchDatabase,
} from './benchDatabase.ts'
import { startDebianCluster, startEmbeddedCluster, type Cluster } from './clusters.ts'
import { uuidOf } from './ceilingScript.ts'
import { postgresCpuUs } from './cpuTime.ts'
import { registrationScript } from './registrationCeiling.ts'
import { compare, type Contestant, type Measure, type Result } from './rounds.ts'
import { ceilingTool, CLIENT_STRIDE, runCeiling } from './runCeiling.ts'

export const CLIENTS = 8
export const REGISTRATIONS_PER_CLIENT = 1000

/** A fresh start for one round of registrations. */
export async function prepareRegistrations(database: BenchDatabase): Promise<void> {
  await emptyTables(database)
  await addStaffAndChannel(database)
  await addVisitors(database, CLIENTS, REGISTRATIONS_PER_CLIENT)
  await settle(database)
}

/** `registration_tx`: the product's command in process against the same statement by pgbench. */
export async function registrationTx(cluster: Cluster, rounds: number): Promise<Result> {
  const database = await openBenchDatabase(cluster)
  const ceiling: Contestant = {
    name: `${ceilingTool}, ${CLIENTS} clients`,
    prepare: () => prepareRegistrations(database),
    async run() {
      const script = registrationScript(database.services.env)
      const measure = await runCeiling({ cluster: database.cluster, script, clients: CLIENTS, operationsPerClient: REGISTRATIONS_PER_CLIENT })
      await expectRegistrations(database)
      return measure
    },
  }
  try {
    return await compare('registration_tx', commandOn(database), ceiling, rounds)
  } finally {
    await database.close()
  }
}

/** `embedded`: the same command on the PostgreSQL of `npm start` against Debian's. */
export async function embedded(rounds: number): Promise<Result | null> {
  const debian = await startDebianCluster()
  if (debian === null) return null
  const own = await startEmbeddedCluster()
  const [ours, ceiling] = [await openBenchDatabase(own), await openBenchDatabase(debian)]
  try {
    return await compare('embedded', commandOn(ours), commandOn(ceiling), rounds)
  } finally {
    for (const part of [ours.close, ceiling.close, own.stop, debian.stop]) await part()
  }
}

function commandOn(database: BenchDatabase): Contestant {
  return {
    name: `registerMember on ${database.cluster.label}, ${CLIENTS} clients`,
    prepare: () => prepareRegistrations(database),
    async run() {
      const measure = await runCommand(database)
      await expectRegistrations(database)
      return measure
    },
  }
}

async function runCommand({ services, cluster }: BenchDatabase): Promise<Measure> {
  const postgresBefore = postgresCpuUs(cluster.postmasterPid)
  const nodeBefore = process.cpuUsage()
  const started = performance.now()
  await Promise.all(Array.from({ length: CLIENTS }, async (_unused, client) => {
    for (let i = 1; i <= REGISTRATIONS_PER_CLIENT; i += 1) {
      const number = client * CLIENT_STRIDE + i
      const { openId, unionId } = visitorOf(number)
      const actor: MemberActor = { kind: 'member', sessionId: 'bench', namespace: miniProgramNamespace(services.env), openId, unionId, externalUserId: null }
      const input = {
        phone: `+86138${String(number).padStart(8, '0')}`,
        consentIds: [uuidOf(number, CONSENT_KIND)],
        policyVersion: POLICY_VERSION,
        formVersion: FORM_VERSION,
        channelToken: CHANNEL_TOKEN,
      }
      await registerMember(services, sessionSource(services.env, actor), input, { scope: `register:${openId}`, key: randomUUID(), requestHash: requestHashOf([input]) })
    }
  }))
  const seconds = (performance.now() - started) / 1000
  const node = process.cpuUsage(nodeBefore)
  const operations = CLIENTS * REGISTRATIONS_PER_CLIENT
  return {
    operations,
    seconds,
    nodeCpuUs: (node.user + node.system) / operations,
    postgresCpuUs: (postgresCpuUs(cluster.postmasterPid) - postgresBefore) / operations,
  }
}

/** A registration writes a row in each of these. */
export async function expectRegistrations(database: BenchDatabase): Promise<void> {
  for (const table of ['member', 'growth_entry', 'touch', 'timeline_entry', 'identity_edge', 'outbox', 'idempotency_key']) {
    await expectRows(database, table, CLIENTS * REGISTRATIONS_PER_CLIENT)
  }
}
