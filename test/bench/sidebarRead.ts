import { deepStrictEqual } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { cardSightOf } from '@qihui/server/src/modules/contact/policy.ts'
import { staffWithoutSession } from '@qihui/server/src/http/actor.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from '@qihui/server/src/modules/contact/places.ts'
import { selectSidebarContacts } from '@qihui/server/src/modules/contact/tables.ts'
import { dataKeyPlace, phonePlace } from '@qihui/server/src/modules/member/present.ts'
import { addStaffAndChannel, emptyTables, expectRows, openBenchDatabase, settle, STAFF_TOKEN, STAFF_USER_ID, type BenchDatabase } from './benchDatabase.ts'
import { ceilingScript, sqlNumber, sqlUuid, uuidOf } from './ceilingScript.ts'
import type { Cluster } from './clusters.ts'
import { CONNECTIONS, httpRequest, startHttpBench } from './httpLoad.ts'
import { selectSidebarContact } from './oneByOne.ts'
import { compare, type Result } from './rounds.ts'
import { ceilingTool, runCeiling } from './runCeiling.ts'

const CONTACTS = 500
const READS_PER_CLIENT = 1000
const OPERATIONS = CONNECTIONS * READS_PER_CLIENT

const contactId = (index: number) => `wmBenchContact00000000000-${index}`

/** Five hundred members, each with a rep, two tags, a remark and three timeline entries. */
async function addContacts({ query, services: { cipher } }: BenchDatabase): Promise<void> {
  await query(`insert into corp_tag_group values ('etGroup', '会员等级', 1)`)
  await query(`insert into corp_tag (tag_id, group_id, name, sort_order, tier) values ('etTierNormal', 'etGroup', '普通会员', 1, 'normal'), ('etVip', 'etGroup', '常客', 2, null)`)
  const rows = Array.from({ length: CONTACTS }, (_unused, index) => {
    const [externalUserId, memberId] = [contactId(index + 1), uuidOf(index + 1, 2)]
    const contactKey = cipher.newDataKey(contactKeyPlace(externalUserId))
    const memberKey = cipher.newDataKey(dataKeyPlace(memberId))
    return {
      externalUserId,
      personId: uuidOf(index + 1, 1),
      memberId,
      memberNo: String(100_000_000_000 + index),
      contactKey: contactKey.sealed,
      name: cipher.seal(contactNamePlace(externalUserId), `顾客${index}`, contactKey.key),
      remark: cipher.seal(remarkPlace(externalUserId, STAFF_USER_ID), `备注${index}`, contactKey.key),
      memberKey: memberKey.sealed,
      phone: cipher.seal(phonePlace(memberId), `+86138${String(index).padStart(8, '0')}`, memberKey.key),
      phoneIndex: cipher.indexOf('member.phone', `+86138${String(index).padStart(8, '0')}`),
    }
  })
  const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name])
  await query('insert into person (person_id, created_at) select id, now() from unnest($1::uuid[]) id', [column('personId')])
  await query(
    `insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at)
      select id, person, 1, key, name, now() from unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[]) as c(id, person, key, name)`,
    [column('externalUserId'), column('personId'), column('contactKey'), column('name')],
  )
  await query(
    `insert into follow_user (external_user_id, staff_user_id, remark_sealed, tag_ids, added_at)
      select id, $3, remark, '{etTierNormal,etVip}', now() from unnest($1::text[], $2::bytea[]) as f(id, remark)`,
    [column('externalUserId'), column('remark'), STAFF_USER_ID],
  )
  await query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, channel_id, form_version, policy_version, registered_at, last_activity_at)
      select m.id, m.person, m.no, m.key, m.phone, m.index, 'normal', now(), 100, (select channel_id from channel), '2026-01', '2026-01', now(), now()
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[]) as m(id, person, no, key, phone, index)`,
    [column('memberId'), column('personId'), column('memberNo'), column('memberKey'), column('phone'), column('phoneIndex')],
  )
  await query(
    `insert into timeline_entry (timeline_entry_id, person_id, at, kind, data)
      select gen_random_uuid(), person, now() - make_interval(hours => n), 'member.registered', '{"channelName":"南山店"}' from unnest($1::uuid[]) person, generate_series(1, 3) n`,
    [column('personId')],
  )
}

async function prepare(database: BenchDatabase): Promise<void> {
  await emptyTables(database)
  await addStaffAndChannel(database)
  await addContacts(database)
  await database.query('analyze')
  await settle(database)
}

function sidebarScript(): string {
  const sight = cardSightOf(staffWithoutSession(STAFF_USER_ID, STAFF_USER_ID).rights)
  const list = (keys: readonly string[]) => `array[${keys.map((key) => `'${key}'`).join(', ')}]::text[]`
  return ceilingScript(selectSidebarContact, [
    `'wmBenchContact00000000000-' || ${sqlNumber('r')}`,
    `'${STAFF_USER_ID}'::text`,
    sqlUuid('m', 1),
    'now()',
    `${sqlUuid('n', 2)}::text`,
    list(sight.auditFields),
    `'{}'::int[]`,
    `'{}'::int[]`,
    String(sight.farthest),
  ])
}

/** @throws when the ceiling reads another card than the product does: it would be no ceiling */
async function expectSameCard({ query, services }: BenchDatabase): Promise<void> {
  const { auditFields, farthest } = cardSightOf(staffWithoutSession(STAFF_USER_ID, STAFF_USER_ID).rights)
  const at = new Date()
  const { rows } = await query(selectSidebarContact, [contactId(1), STAFF_USER_ID, randomUUID(), at, 'bench', auditFields, [], [], farthest])
  const run = { external_user_id: contactId(1), viewer: STAFF_USER_ID, audit_id: randomUUID(), at, request_id: 'bench', shown_fields: auditFields, departments: [], department_tree: [], farthest }
  const [ours] = await services.db.runInSet<Record<string, unknown>>(selectSidebarContacts, run)
  deepStrictEqual({ run: 1, ...rows[0] as object }, { ...ours })
}

/** `sidebar_read`: the card over HTTP with rights, masks and its durable audit row against the same select and insert by pgbench. */
export async function sidebarRead(cluster: Cluster, rounds: number): Promise<Result> {
  const database = await openBenchDatabase(cluster)
  const http = await startHttpBench(database.settings, cluster)
  const headers = { Cookie: `qihui_staff=${STAFF_TOKEN}` }
  try {
    await prepare(database)
    await expectSameCard(database)
    return await compare(
      'sidebar_read',
      {
        name: `GET /api/sidebar/contacts/:id, ${CONNECTIONS} connections`,
        prepare: () => prepare(database),
        async run() {
          const requests = Array.from({ length: OPERATIONS }, (_unused, index) => httpRequest('GET', `/api/sidebar/contacts/${contactId(1 + ((index * 7) % CONTACTS))}`, headers))
          const measure = await http.load(requests, 'product')
          await expectRows(database, `audit_entry where outcome = 'shown'`, OPERATIONS)
          return measure
        },
      },
      {
        name: `${ceilingTool}, ${CONNECTIONS} clients`,
        prepare: () => prepare(database),
        async run() {
          const measure = await runCeiling({ cluster: database.cluster, script: sidebarScript(), clients: CONNECTIONS, operationsPerClient: READS_PER_CLIENT })
          await expectRows(database, `audit_entry where outcome = 'shown'`, OPERATIONS)
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
