import type { Statement } from '../../db/pool.ts'

/**
 * Moves the last act forward, never back, and says how the member stood before. $1 member id, $2 now.
 * No row for a restricted member: nothing of theirs changes any more.
 */
export const touchMember: Statement = {
  name: 'lifecycle_touch_member',
  text: `with before as (
      select member_id, person_id, registered_at, archived_at from member where member_id = $1 and restricted_at is null for update
    ), touched as (
      update member m set last_activity_at = greatest(m.last_activity_at, $2), archived_at = null, quiet_notice = 0 from before b where m.member_id = b.member_id
    )
    select member_id, person_id, registered_at, archived_at is not null as was_archived from before`,
}

/** The living members of persons. $1 person ids. */
export const selectMembersOfPersons: Statement = {
  name: 'lifecycle_members_of_persons',
  text: 'select member_id from member where person_id = any($1::uuid[]) and absorbed_by is null and restricted_at is null order by member_id',
}

/** $1 id, $2 person id, $3 now. */
export const insertRestoredEntry: Statement = {
  name: 'lifecycle_restored_entry',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind) values ($1, $2, $3, 'member.restored')`,
}
