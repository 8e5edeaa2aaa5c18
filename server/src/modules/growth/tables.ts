import type { Statement } from '../../db/pool.ts'

/** $1 unionid namespace, $2 unionid. Locks the member so that parallel awards add up. */
export const lockMemberByUnionId: Statement = {
  name: 'growth_lock_member',
  text: `select m.member_id, m.person_id, m.growth_value, m.tier from member m
    where m.person_id = (select person_id from identifier where namespace = $1 and value = $2) for update`,
}

/** $1 id, $2 member id, $3 amount, $4 source, $5 source id, $6 occurred, $7 posted. No row when this source event was posted before. */
export const insertGrowthEntry: Statement = {
  name: 'growth_entry_insert',
  text: `insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at)
    values ($1, $2, 'earn', $3, $4, $5, $6, $7) on conflict (source, source_id, kind) do nothing returning 1`,
}

/** $1 member id, $2 growth value, $3 tier, $4 now. */
export const updateMemberGrowth: Statement = {
  name: 'growth_update_member',
  text: `update member set growth_value = $2, tier_since = case when tier = $3 then tier_since else $4 end, tier = $3, last_activity_at = $4 where member_id = $1`,
}

/** $1 id, $2 person id, $3 at, $4 kind, $5 data. */
export const insertTimelineEntry: Statement = {
  name: 'growth_timeline_insert',
  text: 'insert into timeline_entry (timeline_entry_id, person_id, at, kind, data) values ($1, $2, $3, $4, $5)',
}
