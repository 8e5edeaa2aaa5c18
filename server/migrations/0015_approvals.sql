-- Up Migration

-- Requests to see sensitive fields, and the grants they become (R86). Holds names of fields, never a value.
create table approval (
  approval_id uuid primary key,
  requester_id text not null references staff,
  session_hash bytea not null,
  external_user_id text not null,
  person_id uuid not null references person,
  field_keys text[] not null check (cardinality(field_keys) between 1 and 20),
  field_labels text[] not null,
  purpose text not null,
  note text not null,
  minutes smallint not null check (minutes between 1 and 30),
  max_views smallint not null check (max_views between 1 and 10),
  needed_approvers smallint not null check (needed_approvers in (1, 2)),
  is_break_glass boolean not null,
  state text not null check (state in ('requested', 'approved', 'denied', 'expired', 'cancelled', 'used', 'exhausted', 'revoked')),
  version integer not null,
  views smallint not null check (views <= max_views),
  approver_ids text[] not null,
  requested_at timestamptz not null,
  decided_at timestamptz,
  open_until timestamptz,
  review_verdict text check (review_verdict in ('justified', 'unjustified')),
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text,
  check (cardinality(field_keys) = cardinality(field_labels)),
  check (not requester_id = any(approver_ids)),
  check (reviewed_by is null or reviewed_by <> requester_id),
  check (not is_break_glass or minutes <= 10),
  check (is_break_glass or state not in ('approved', 'used', 'exhausted', 'revoked') or cardinality(approver_ids) >= needed_approvers)
);
create index approval_requester on approval (requester_id, requested_at desc);
create index approval_recent on approval (requested_at desc);
create index approval_person on approval (person_id);
