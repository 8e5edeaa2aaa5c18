import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../db/pool.ts'
import { createAuditChain } from '../../security/auditChain.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { sealAll } from './commands/sealEntries.ts'
import { verifyAudit } from './commands/verifyAudit.ts'
import { createHeadStore } from './headStore.ts'
import { startSealer } from './startSealer.ts'
import { recordAudit } from './steps.ts'

/** AUDIT_ROWS_PER_WRITER=500 and AUDIT_ROWS=1000000 are the sizes of the promises (trust test 41, P8). */
const [writers, perWriter, verified] = [200, Number(process.env.AUDIT_ROWS_PER_WRITER ?? 10), Number(process.env.AUDIT_ROWS ?? 20_000)]

let services: TestServices
let daily: Database
beforeAll(async () => {
  services = await createTestServices()
  daily = openDatabase(services.env.databaseUrl, () => {}, { connections: 24, role: 'qihui_app' })
})
afterAll(async () => {
  await daily.close()
  await services.close()
})

it('makes one unbroken chain of what 200 writers add at once while two processes seal', async () => {
  const chain = createAuditChain(null, services.env.indexKey)
  const actor = { kind: 'staff', id: 'rep.li' } as const
  const started = performance.now()
  const sealers = [startSealer({ ...services, now: () => new Date() }), startSealer({ ...services, now: () => new Date() })]
  const write = async (writer: number): Promise<void> => {
    for (let index = 0; index < perWriter; index += 1) {
      await recordAudit(daily, { at: new Date(), actor, action: 'contact.read', subject: `contact:${writer}`, outcome: 'shown', requestId: `${writer}-${index}` })
    }
  }
  await Promise.all(Array.from({ length: writers }, (_unused, writer) => write(writer)))
  for (const sealer of sealers) await sealer.stop()
  await sealAll({ db: services.db }, chain, new Date(0))
  const seconds = (performance.now() - started) / 1000
  if (perWriter >= 500) console.log(`${writers} writers x ${perWriter} rows chained in ${seconds.toFixed(1)} s`)
  expect(await verifyAudit({ db: daily, now: () => new Date() }, chain, createHeadStore(null))).toMatchObject({ entries: writers * perWriter, findings: [] })
  const { rows } = await services.db.pool.query('select day, count(*)::int as count, max(seq) as last from audit_seal group by 1')
  for (const day of rows as { count: number; last: number }[]) expect(day.last).toBe(day.count)
}, 300_000)

it('verifies a long chain part by part, and says how long it took when it is long', async () => {
  const chain = createAuditChain(null, services.env.indexKey)
  await services.db.pool.query(
    `insert into audit_entry select gen_random_uuid(), now() - interval '1 hour' + n * interval '1 millisecond', 'staff', 'rep.' || n % 500, 'contact.read', 'contact:' || n, gen_random_uuid(), '{phone,memberNo,tier}', 'shown', gen_random_uuid()::text
     from generate_series(1, $1::int) n`,
    [verified],
  )
  const sealStart = performance.now()
  await sealAll({ db: services.db }, chain, new Date(0))
  const start = performance.now()
  const report = await verifyAudit({ db: daily, now: () => new Date() }, chain, createHeadStore(null))
  const seconds = (performance.now() - start) / 1000
  if (verified >= 100_000) console.log(`${verified} rows sealed in ${((start - sealStart) / 1000).toFixed(1)} s, verified in ${seconds.toFixed(1)} s`)
  expect(report).toMatchObject({ entries: verified + writers * perWriter, findings: [] })
}, 600_000)
