import type { Statement } from '../../db/pool.ts'

/** Who looked at what, and what was refused. $1 since. */
export const selectAuditSummary: Statement = {
  name: 'compliance_audit',
  text: `select action, outcome, count(*)::int as count, count(distinct actor_id)::int as actors, count(distinct person_id)::int as persons
    from audit_entry where at >= $1 group by action, outcome order by count(*) desc, action, outcome limit 200`,
}

/** Roles as they are granted now. */
export const selectGrantSummary: Statement = {
  name: 'compliance_grants',
  text: `select role, scope, count(*)::int as count from staff_role where revoked_at is null group by role, scope order by role, scope`,
}

/** Versions with the consents that rest on them. */
export const selectPolicySummary: Statement = {
  name: 'compliance_policies',
  text: `select p.version, p.title, p.diff_class, to_char(p.published_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day,
      count(c.consent_id) filter (where c.decision = 'granted')::int as granted, count(c.consent_id) filter (where c.withdrawn_at is not null)::int as withdrawn
    from policy_version p left join consent c on c.policy_version = p.version group by p.version order by p.published_at desc`,
}

/** $1 since. */
export const selectErasureSummary: Statement = {
  name: 'compliance_erasures',
  text: `select e.erasure_id, e.reason, e.state, to_char(e.requested_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') as requested,
      coalesce(to_char(e.erased_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), '') as erased, e.erased_at is null and e.answer_by < now() as is_late,
      (select count(*)::int from erasure_receipt r where r.erasure_id = e.erasure_id) as receipts
    from erasure e where e.requested_at >= $1 or e.state <> 'erased' order by e.requested_at desc limit 500`,
}

/** $1 since. */
export const selectRotationSummary: Statement = {
  name: 'compliance_rotations',
  text: `select version::int as version, place, rewrapped, unreadable, finished_at is not null as is_finished from key_rotation where updated_at >= $1 order by version, place`,
}
