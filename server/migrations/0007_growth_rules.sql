-- Up Migration

-- What earns growth is versions of data (R45-R47, R97); a version is never changed.
create table growth_rules (
  version text primary key,
  effective_from timestamptz not null,
  definition jsonb not null,
  published_at timestamptz not null,
  published_by text
);

-- A reversal is computed by the rules of what it reverses. Null: of the time before versions, and of registrations, whose time tells it.
alter table growth_entry add column rules_version text;

-- Documents that are passed on by tracked links (R46). The address of a link says nothing about who it was given to.
create table document (
  document_id uuid primary key,
  title text not null,
  target_url text not null,
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create table document_share (
  token text primary key,
  document_id uuid not null references document,
  staff_user_id text not null,
  created_at timestamptz not null,
  unique (document_id, staff_user_id)
);
-- Openings are counted, not listed: a link that is passed around adds no rows.
create table document_day (
  token text not null references document_share,
  day date not null,
  opened integer not null,
  by_members integer not null,
  primary key (token, day)
);

-- What a member did that may count (R46): one row per event, whether or not it earned anything.
create table interaction (
  interaction_id uuid primary key,
  member_id uuid not null references member,
  kind text not null check (kind in ('chatDay', 'documentView')),
  source_key text not null,
  document_id uuid references document,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  growth integer not null,
  via_namespace text,
  via_value text,
  unique (kind, source_key)
);
create index interaction_member on interaction (member_id, kind, occurred_at);
create index interaction_document on interaction (document_id) where document_id is not null;
create index interaction_occurred on interaction (occurred_at);

-- WeCom's daily figures of an employee. They name no customer.
create table staff_behaviour (
  staff_user_id text not null,
  day date not null,
  chats integer not null,
  messages integer not null,
  -- Hundredths of a percent; null on a day without a question.
  reply_share integer,
  -- Minutes to the first answer; null on a day without a question.
  reply_minutes integer,
  new_applications integer not null,
  new_contacts integer not null,
  lost_contacts integer not null,
  fetched_at timestamptz not null,
  primary key (staff_user_id, day)
);
