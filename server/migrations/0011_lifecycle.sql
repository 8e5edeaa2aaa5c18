-- Up Migration

-- Quiet members are archived, and come back with their first act (R67). Notices are said once per quiet time: 0, 150 or 173.
-- A restricted member is stored and protected, nothing else (PIPL 47), until they are erased.
alter table member
  add column archived_at timestamptz,
  add column quiet_notice smallint not null default 0,
  add column restricted_at timestamptz;
create index member_archived on member (archived_at) where archived_at is not null;

create table archive_run (
  day date primary key,
  archived integer not null,
  warned integer not null,
  finished_at timestamptz not null
);

-- One erasure, by request of the person or because its time is over. Its id is the tombstone: random, derived from nothing.
create table erasure (
  erasure_id uuid primary key,
  reason text not null check (reason in ('request', 'retention', 'replay')),
  state text not null check (state in ('restricted', 'held', 'erased')),
  -- Emptied when it is done.
  person_id uuid,
  requested_at timestamptz not null,
  -- Fifteen working days: what the person was told.
  answer_by timestamptz not null,
  erased_at timestamptz
);
create unique index erasure_running on erasure (person_id) where person_id is not null;
create table erasure_receipt (
  erasure_id uuid not null references erasure,
  step text not null,
  count integer not null,
  at timestamptz not null,
  primary key (erasure_id, step)
);

-- What a restricted person was recognised by: kept apart, so that nothing finds them any more, until the erasure or as long as a hold.
create table restricted_identifier (
  namespace text not null,
  value text not null,
  person_id uuid not null references person,
  evidence text not null,
  observed_at timestamptz not null,
  primary key (person_id, namespace, value)
);
create index restricted_identifier_value on restricted_identifier (namespace, value);

-- A legal hold stops purging and shredding, never access.
create table legal_hold (
  hold_id uuid primary key,
  scope text not null check (scope in ('person', 'class')),
  person_id uuid references person,
  data_class text check (data_class in ('members', 'messages')),
  reason text not null,
  placed_by text not null,
  placed_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  expires_at timestamptz not null,
  review_due_at timestamptz not null,
  reviewed_by text,
  reviewed_at timestamptz,
  lifted_by text,
  lifted_at timestamptz,
  lift_note text,
  check ((scope = 'person') = (person_id is not null)),
  check ((scope = 'class') = (data_class is not null))
);
create index legal_hold_person on legal_hold (person_id) where person_id is not null;

-- A pseudonymised export: no file rests anywhere, the pseudonyms' key goes after seven days (R66).
create table deidentified_export (
  export_id uuid primary key,
  purpose text not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  key_sealed bytea,
  k integer not null,
  row_count integer,
  suppressed_count integer,
  downloads integer not null default 0
);
