-- Up Migration

-- One human. Contact-only persons become members later; absorbed ones point at the survivor.
create table person (
  person_id uuid primary key,
  created_at timestamptz not null,
  absorbed_by uuid references person
);

-- Identity layer (R35): which person an id of one namespace belongs to. Namespaces are never compared with each other.
create table identifier (
  namespace text not null,
  value text not null,
  person_id uuid not null references person,
  evidence text not null,
  observed_at timestamptz not null,
  primary key (namespace, value)
);
create index identifier_person on identifier (person_id);

create table identity_review (
  review_id uuid primary key,
  reason text not null,
  review_key text not null unique,
  person_ids uuid[] not null,
  created_at timestamptz not null
);

-- Proof of what people agreed to: the text of each version as it was published, with its hash (R63).
create table policy_version (
  version text primary key,
  title text not null,
  text jsonb not null,
  text_hash text not null,
  published_at timestamptz not null
);

-- A scan channel or an invitation; one token is the mini-program scene and the contact way's state. UTM stays here (R13).
create table channel (
  channel_id uuid primary key,
  token text not null unique,
  kind text not null check (kind in ('scan', 'invitation')),
  name text not null,
  store_name text,
  staff_user_id text,
  external_user_id text,
  utm jsonb not null default '{}',
  state text not null check (state in ('preparing', 'ready', 'failed')),
  code_image bytea,
  contact_way_config_id text,
  contact_way_url text,
  link_url text,
  link_expires_at timestamptz,
  created_at timestamptz not null
);

create table member (
  member_id uuid primary key,
  person_id uuid not null unique references person,
  member_no text not null unique,
  data_key_sealed bytea not null,
  phone_sealed bytea not null,
  phone_index bytea not null,
  tier text not null check (tier in ('normal', 'silver', 'gold')),
  tier_since timestamptz not null,
  growth_value integer not null,
  channel_id uuid,
  form_version text not null,
  policy_version text not null,
  registered_at timestamptz not null,
  last_activity_at timestamptz not null
);
create index member_phone on member (phone_index);
create index member_channel on member (channel_id);

create table member_session (
  token_hash bytea primary key,
  session_id uuid not null unique,
  open_id text not null,
  union_id text,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index member_session_expiry on member_session (expires_at);

-- Consent as data (R63, R65): given before there is a member, by an openid; joined to the person at registration.
create table consent (
  consent_id uuid primary key,
  open_id text not null,
  person_id uuid,
  purpose text not null,
  policy_version text not null references policy_version,
  channel_token text,
  granted_at timestamptz not null,
  withdrawn_at timestamptz
);
create index consent_person on consent (person_id);

-- Append-only ledger (R44-R47): one line per source event and kind.
create table growth_entry (
  growth_entry_id uuid primary key,
  member_id uuid not null references member,
  kind text not null check (kind in ('earn', 'reverse', 'adjust', 'expire', 'transfer')),
  amount integer not null,
  source text not null,
  source_id text not null,
  occurred_at timestamptz not null,
  posted_at timestamptz not null,
  unique (source, source_id, kind)
);
create index growth_entry_member on growth_entry (member_id);

create table touch (
  touch_id uuid primary key,
  person_id uuid not null,
  channel_id uuid not null,
  kind text not null,
  occurred_at timestamptz not null
);

create table timeline_entry (
  timeline_entry_id uuid primary key,
  person_id uuid not null,
  at timestamptz not null,
  kind text not null,
  data jsonb not null default '{}',
  entry_key text unique
);
create index timeline_entry_person on timeline_entry (person_id, at desc);

-- Mirror of WeCom: what the sidebar reads.
create table staff (
  staff_user_id text primary key,
  name text not null,
  department_ids integer[] not null default '{}',
  is_visible boolean not null,
  synced_at timestamptz not null
);

create table external_contact (
  external_user_id text primary key,
  person_id uuid not null references person,
  type smallint not null check (type in (1, 2)),
  union_id text,
  data_key_sealed bytea not null,
  name_sealed bytea not null,
  avatar_url text,
  corp_name text,
  mirrored_at timestamptz not null
);
create index external_contact_person on external_contact (person_id);

create table follow_user (
  external_user_id text not null references external_contact,
  staff_user_id text not null,
  remark_sealed bytea,
  state text,
  add_way integer,
  tag_ids text[] not null default '{}',
  added_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('staff', 'customer', 'transfer')),
  primary key (external_user_id, staff_user_id)
);
create index follow_user_staff on follow_user (staff_user_id);

create table corp_tag_group (
  group_id text primary key,
  name text not null,
  sort_order bigint not null default 0
);

create table corp_tag (
  tag_id text primary key,
  group_id text not null references corp_tag_group on delete cascade,
  name text not null,
  sort_order bigint not null default 0,
  tier text unique check (tier in ('normal', 'silver', 'gold'))
);

create table staff_session (
  token_hash bytea primary key,
  staff_user_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index staff_session_staff on staff_session (staff_user_id);

create table oauth_state (
  state_hash bytea primary key,
  browser_hash bytea not null,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  code_hash bytea,
  session_token_sealed bytea
);
create index oauth_state_code on oauth_state (code_hash);

-- Inbox of callbacks, keyed by the hash of the decrypted event (P1).
create table callback_event (
  digest bytea primary key,
  event text not null,
  change_type text not null,
  body_sealed bytea not null,
  received_at timestamptz not null
);

-- Outgoing work, written in the transaction that causes it; a relay hands it to the queue (P5).
create table outbox (
  outbox_id bigint generated always as identity primary key,
  job text not null,
  job_key text not null,
  payload jsonb not null,
  start_after timestamptz,
  created_at timestamptz not null default now()
);

create table vendor_credential (
  vendor text not null,
  app text not null,
  kind text not null,
  value_sealed bytea,
  obtained_at timestamptz,
  expires_at timestamptz,
  blocked_until timestamptz,
  lease_id uuid,
  lease_until timestamptz,
  primary key (vendor, app, kind)
);

create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  response jsonb,
  created_at timestamptz not null,
  primary key (scope, key)
);
create index idempotency_key_age on idempotency_key (created_at);

-- Who looked at whom (R61). Rows are only ever added.
create table audit_entry (
  audit_entry_id uuid primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  subject text not null,
  person_id uuid,
  fields text[] not null,
  outcome text not null check (outcome in ('shown', 'refused', 'absent', 'done')),
  request_id text not null
);
create index audit_entry_person on audit_entry (person_id, at desc);
create index audit_entry_actor on audit_entry (actor_id, at desc);
