import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFieldCipher } from '../../security/fieldCipher.ts'
import { createKeyring } from '../../security/keyring.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { dataKeyPlace, phonePlace } from '../member/present.ts'
import { restartRotation, rotateFieldKeys } from './commands.ts'
import { getFieldKeyStatus } from './queries.ts'
import { placeName, sealedByDataKey, sealedColumns } from './sealedColumns.ts'

/** ROTATION_ROWS=100000 is the size of the promise (trust test 35). */
const rows = Number(process.env.ROTATION_ROWS ?? 600)
const [first, second, indexKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const older = createFieldCipher(createKeyring(first), indexKey)
const both = createFieldCipher(createKeyring(new Map([[1, first], [2, second]])), indexKey)
const onlyNew = createFieldCipher(createKeyring(new Map([[2, second]])), indexKey)

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => (await services.db.pool.query<Row>(text, values)).rows

/** Members as an older process writes them, in pieces of a thousand. */
async function addMembers(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - done) }, () => randomUUID())
    const keys = ids.map((id) => older.newDataKey(dataKeyPlace(id)))
    const phones = ids.map((id, index) => older.seal(phonePlace(id), `+8613${String(done + index).padStart(9, '0')}`, keys[index]?.key))
    await query(`insert into person (person_id, created_at) select unnest($1::uuid[]), now()`, [ids])
    await query(
      `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
       select id, id, id::text, key, phone, '', 'normal', now(), 0, '', '', now(), now() from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as m(id, key, phone)`,
      [ids, keys.map(({ sealed }) => sealed), phones],
    )
  }
}

/** Runs until the end; every run is cut off after a batch or two, now by the signal, now by the database killing the connection. */
async function rotateInterrupted(times: number): Promise<number> {
  let interruptions = 0
  for (;;) {
    const controller = new AbortController()
    const isCut = interruptions < times
    let batches = 0
    const now = (): Date => {
      batches += 1
      // Called in the middle of a batch's transaction.
      if (isCut && batches > 3) {
        if (interruptions % 2 === 0) controller.abort()
        else void services.db.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`).catch(() => undefined)
      }
      return services.clock.at
    }
    const outcome = await rotateFieldKeys({ db: services.db, cipher: both, now }, controller.signal, { batchSize: Math.ceil(rows / 40) }).catch(() => null)
    if (outcome?.isFinished) return interruptions
    interruptions += 1
  }
}

describe('a new version of the field key', () => {
  it('reaches every row though it is interrupted ten times, and none becomes unreadable', async () => {
    await addMembers(rows)
    const started = performance.now()
    expect(await rotateInterrupted(10)).toBeGreaterThanOrEqual(10)
    const seconds = (performance.now() - started) / 1000
    if (rows > 10_000) console.log(`${rows} rows rotated with 10 interruptions in ${seconds.toFixed(1)} s`)
    const members = await query<{ member_id: string; data_key_sealed: Buffer; phone_sealed: Buffer }>('select member_id, data_key_sealed, phone_sealed from member')
    expect(members).toHaveLength(rows)
    const phones = new Set(members.map((row) => onlyNew.open(phonePlace(row.member_id), row.phone_sealed, onlyNew.openDataKey(dataKeyPlace(row.member_id), row.data_key_sealed))))
    expect(phones.size).toBe(rows)
    const status = (await getFieldKeyStatus({ db: services.db, cipher: both })).find(({ place }) => place === 'member.data_key_sealed')
    expect(status).toEqual({ place: 'member.data_key_sealed', counts: [{ version: 2, count: rows }], rewrapped: rows, unreadable: 0, isFinished: true })
  }, 600_000)

  it('finds what an older process wrote meanwhile, at the next look', async () => {
    await addMembers(3)
    const run = () => rotateFieldKeys({ ...services, cipher: both }, new AbortController().signal)
    expect((await run()).rewrapped).toBe(0)
    await restartRotation({ db: services.db, cipher: both })
    expect((await run()).rewrapped).toBe(3)
    await restartRotation({ db: services.db, cipher: both })
    expect((await run()).rewrapped).toBe(0)
  })

  it('leaves a value that opens under no key as it is, and goes on', async () => {
    await addMembers(2)
    const [broken] = await query<{ member_id: string }>(`update member set data_key_sealed = set_byte(data_key_sealed, 20, 255 - get_byte(data_key_sealed, 20))
      where member_id = (select member_id from member where get_byte(data_key_sealed, 0) = 1 order by member_id limit 1) returning member_id`)
    await restartRotation({ db: services.db, cipher: both })
    expect(await rotateFieldKeys({ ...services, cipher: both }, new AbortController().signal)).toEqual({ rewrapped: 1, unreadable: 1, isFinished: true })
    const left = await query<{ member_id: string }>('select member_id from member where get_byte(data_key_sealed, 0) = 1')
    expect(left).toEqual([broken])
  })

  it('knows every sealed column of the schema', async () => {
    const columns = await query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and column_name like '%\\_sealed' order by 1`,
    )
    const known = [...sealedColumns.map(placeName), ...sealedByDataKey].sort()
    expect(known).toEqual(columns.map(({ name }) => name).sort())
  })
})

describe('the short-lived values sealed with the field key', () => {
  it('open under the new version alone after the rotation, whatever their key looks like', async () => {
    const seal = (table: string, column: string, rowId: string): Buffer => older.seal({ table, column, rowId }, `${table}.${column}`)
    const [digest, state, delivery] = [randomBytes(32), randomBytes(32), randomUUID()]
    await query(`insert into callback_event values ($1, 'e', 'c', $2, now())`, [digest, seal('callback_event', 'body_sealed', digest.toString('hex'))])
    await query(`insert into oauth_state (state_hash, browser_hash, return_to, created_at, expires_at, session_token_sealed) values ($1, $1, '/', now(), now(), $2)`, [
      state, seal('oauth_state', 'session_token_sealed', state.toString('hex')),
    ])
    await query(`insert into vendor_credential (vendor, app, kind, value_sealed) values ('wecom', '1', 'token', $1)`, [seal('vendor_credential', 'value_sealed', 'wecom|1|token')])
    await query(`insert into delivery (delivery_id, medium, purpose, recipient_sealed, recipient_index, body_sealed, created_by, created_at) values ($1, 'sms', 'service', $2, '', $3, 'x', now())`, [
      delivery, seal('delivery', 'recipient_sealed', delivery), seal('delivery', 'body_sealed', delivery),
    ])
    await restartRotation({ db: services.db, cipher: both })
    await rotateFieldKeys({ ...services, cipher: both }, new AbortController().signal, { batchSize: 1 })
    for (const { table, column, rowId } of sealedColumns) {
      if (!['callback_event', 'oauth_state', 'vendor_credential', 'delivery'].includes(table)) continue
      const [row] = await query<{ row_id: string; sealed: Buffer }>(`select ${rowId} as row_id, ${column} as sealed from ${table}`)
      if (row === undefined) throw new Error(`nothing in ${table}`)
      expect(onlyNew.open({ table, column, rowId: row.row_id }, row.sealed)).toBe(`${table}.${column}`)
    }
  })
})
