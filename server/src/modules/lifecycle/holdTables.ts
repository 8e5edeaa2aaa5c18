import type { Statement } from '../../db/pool.ts'

const holdColumns = `h.hold_id, h.scope, h.data_class, h.reason, h.placed_by, h.placed_at, h.approved_by, h.approved_at, h.expires_at, h.review_due_at, h.reviewed_by, h.lifted_by, h.lifted_at,
    (select m.member_no from member m where m.person_id = h.person_id and m.absorbed_by is null and m.member_no ~ '^[0-9]{12}$') as member_no`

/** Those that hold first, then the newest; 200. $1 now. */
export const selectHolds: Statement = {
  name: 'lifecycle_holds',
  text: `select ${holdColumns} from legal_hold h order by (h.lifted_at is null and h.expires_at > $1) desc, h.placed_at desc limit 200`,
}

/** $1 hold id. */
export const selectHold: Statement = { name: 'lifecycle_hold', text: `select ${holdColumns} from legal_hold h where h.hold_id = $1` }

/** $1 hold id. */
export const lockHold: Statement = { name: 'lifecycle_lock_hold', text: `select ${holdColumns} from legal_hold h where h.hold_id = $1 for update` }

/** $1 member number. Restricted members too: what still rests can be held. */
export const selectPersonByNumber: Statement = { name: 'lifecycle_person_by_number', text: 'select person_id from member where member_no = $1' }

/** $1 id, $2 scope, $3 person id or null, $4 class or null, $5 reason, $6 by, $7 now, $8 expires, $9 review due. */
export const insertHold: Statement = {
  name: 'lifecycle_insert_hold',
  text: `insert into legal_hold (hold_id, scope, person_id, data_class, reason, placed_by, placed_at, expires_at, review_due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
}

/** $1 hold id, $2 by, $3 now. */
export const approveHold: Statement = { name: 'lifecycle_approve_hold', text: 'update legal_hold set approved_by = $2, approved_at = $3 where hold_id = $1' }

/** $1 hold id, $2 by, $3 now, $4 next review. */
export const reviewHold: Statement = { name: 'lifecycle_review_hold', text: 'update legal_hold set reviewed_by = $2, reviewed_at = $3, review_due_at = $4 where hold_id = $1' }

/** $1 hold id, $2 by, $3 now, $4 note. */
export const liftHold: Statement = { name: 'lifecycle_lift_hold', text: 'update legal_hold set lifted_by = $2, lifted_at = $3, lift_note = $4 where hold_id = $1' }
