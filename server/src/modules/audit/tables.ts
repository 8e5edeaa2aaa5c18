import type { Statement } from '../../db/pool.ts'

/** $1 ids, $2 person ids with nulls (same length), $3 now, $4 actor kind, $5 actor id, $6 action, $7 subject, $8 fields, $9 outcome, $10 request id. */
export const insertEntries: Statement = {
  name: 'audit_insert',
  text: `insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
    select audit_entry_id, $3, $4, $5, $6, $7, person_id, $8, $9, $10 from unnest($1::uuid[], $2::uuid[]) as a(audit_entry_id, person_id)`,
}

/** The columns the chain binds; text only. */
export const boundColumns = `(extract(epoch from e.at) * 1000000)::bigint::text as at_micros, e.actor_kind, e.actor_id, e.action, e.subject, e.person_id::text, e.fields, e.outcome, e.request_id`

/** Local day of an entry: the zone of every day here. */
const localDay = `to_char(e.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`

/** Arbitrary but fixed: whoever adds to the chain, or takes days from it, holds it. */
export const sealerLock = 7_240_523

/** One sealer at a time, on whatever process: held until the transaction ends. $1 lock. */
export const trySealerLock: Statement = { name: 'audit_sealer_lock', text: 'select pg_try_advisory_xact_lock($1::bigint) as is_mine' }

/**
 * The next rows by time, with whether a seal names them: each call looks at so many, however long the chain is.
 * $1 from this moment, $2 and after this id, $3 how many.
 */
export const selectUnsealed: Statement = {
  name: 'audit_unsealed',
  text: `select e.audit_entry_id::text, e.at::text as at_text, ${localDay} as day, ${boundColumns},
      exists (select from audit_seal s where s.audit_entry_id = e.audit_entry_id) as is_sealed
    from (select * from audit_entry where (at, audit_entry_id) > ($1::timestamptz, $2::uuid) order by at, audit_entry_id limit $3) e
    order by e.at, e.audit_entry_id`,
}

/** The last link of each of these days. $1 days. */
export const selectHeads: Statement = {
  name: 'audit_heads',
  text: `select d.day::text, s.seq, s.hash from unnest($1::date[]) as d(day)
    cross join lateral (select seq, hash from audit_seal where audit_seal.day = d.day order by seq desc limit 1) s`,
}

/** $1 days, $2 numbers, $3 ids, $4 hashes. */
export const insertSeals: Statement = {
  name: 'audit_insert_seals',
  text: `insert into audit_seal (day, seq, audit_entry_id, hash) select * from unnest($1::date[], $2::int[], $3::uuid[], $4::bytea[])`,
}

/** The last link of every day since, where it is not signed yet. $1 from this day. */
export const selectUnsignedHeads: Statement = {
  name: 'audit_unsigned_heads',
  text: `select s.day::text, s.seq, s.hash from (select distinct on (day) day, seq, hash from audit_seal where day >= $1::date order by day, seq desc) s
    where not exists (select from audit_head h where h.day = s.day and h.seq = s.seq) order by s.day`,
}

/** $1 day, $2 seq, $3 hash, $4 now, $5 signature. */
export const insertHead: Statement = {
  name: 'audit_insert_head',
  text: 'insert into audit_head (day, seq, hash, signed_at, signature) values ($1, $2, $3, $4, $5) on conflict do nothing',
}

/** $1 id, $2 started, $3 finished, $4 from day, $5 to day, $6 entries, $7 finding, $8 who asked. */
export const insertVerification: Statement = {
  name: 'audit_insert_verification',
  text: 'insert into audit_verification (verification_id, started_at, finished_at, from_day, to_day, entries, finding, asked_by) values ($1, $2, $3, $4, $5, $6, $7, $8)',
}

export const selectLatestVerification: Statement = {
  name: 'audit_latest_verification',
  text: `select verification_id, started_at, finished_at, from_day::text, to_day::text, entries, finding from audit_verification order by finished_at desc limit 1`,
}

export const selectEarliestDay: Statement = { name: 'audit_earliest_day', text: 'select min(day)::text as day from audit_seal' }

/** Days with seals, oldest first. */
export const selectSealedDays: Statement = { name: 'audit_sealed_days', text: 'select distinct day::text from audit_seal order by 1' }

/** Part of a day's chain with the rows it names. $1 day, $2 after this number, $3 how many. */
export const selectChainPart: Statement = {
  name: 'audit_chain_part',
  text: `select s.seq, s.hash, s.audit_entry_id::text, ${localDay} as day, ${boundColumns}
    from audit_seal s left join audit_entry e using (audit_entry_id) where s.day = $1::date and s.seq > $2 order by s.seq limit $3`,
}

/** Signed heads the database still has. */
export const selectSignedHeads: Statement = {
  name: 'audit_signed_heads',
  text: `select day::text, seq, hash, to_char(signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as signed_at, signature from audit_head order by day, seq`,
}

/** Links that heads name. $1 days, $2 numbers. */
export const selectLinks: Statement = {
  name: 'audit_links',
  text: `select s.day::text, s.seq, s.hash from unnest($1::date[], $2::int[]) as h(day, seq) join audit_seal s on s.day = h.day and s.seq = h.seq`,
}

/** Purges that the audit itself tells of, and the day each was made. */
export const selectPurges: Statement = {
  name: 'audit_purges',
  text: `select replace(e.subject, 'day:', '') as day, ${localDay} as purged_on from audit_entry e
    join audit_seal s using (audit_entry_id) where e.actor_kind = 'system' and e.action = 'audit.purge'`,
}

/** The oldest row that no seal names though the sealer has had its time. $1 written before. */
export const selectForgotten: Statement = {
  name: 'audit_forgotten',
  text: `select ${localDay} as day, count(*) over ()::int as count from audit_entry e
    where e.at < $1 and not exists (select from audit_seal s where s.audit_entry_id = e.audit_entry_id) order by e.at limit 1`,
}

/** Days that have come to their end. $1 before this day. */
export const selectOldDays: Statement = { name: 'audit_old_days', text: 'select distinct day::text from audit_seal where day < $1::date order by 1' }

const live = `h.lifted_at is null and h.expires_at > $2`

/** Whether a hold covers a day: one on all members, or one on a person somebody looked at that day. $1 day, $2 now. */
export const selectHold: Statement = {
  name: 'audit_hold',
  text: `select exists (select from legal_hold h where h.scope = 'class' and h.data_class = 'members' and ${live})
    or exists (select from audit_seal s join audit_entry e using (audit_entry_id) join legal_hold h on h.person_id = e.person_id where s.day = $1::date and ${live}) as is_held`,
}

/** Lets this transaction, and no other, pass the trigger. */
export const allowPurge: Statement = { name: 'audit_allow_purge', text: `select set_config('qihui.audit_purge', 'on', true)` }

/** $1 day. */
export const deleteDayEntries: Statement = { name: 'audit_delete_entries', text: 'delete from audit_entry e using audit_seal s where s.audit_entry_id = e.audit_entry_id and s.day = $1::date' }

/** $1 day. */
export const deleteDaySeals: Statement = { name: 'audit_delete_seals', text: 'delete from audit_seal where day = $1::date' }
