-- Up Migration

-- Forms as data (R10, R14, R62): versions are never changed; a submission names one of them.
create table form (
  form_key text primary key,
  name text not null,
  created_at timestamptz not null
);
create table form_version (
  version text primary key,
  form_key text not null references form,
  definition jsonb not null,
  published_at timestamptz not null,
  published_by text
);
create index form_version_form on form_version (form_key, published_at desc);

-- Policies as data (R63).
alter table policy_version
  add column diff_class text not null default 'material' check (diff_class in ('minor', 'material')),
  add column published_by text;

-- A yes or a no, with what proves it. An openid means something in its namespace only.
alter table consent
  alter column open_id drop not null,
  add column namespace text not null default '',
  add column decision text not null default 'granted' check (decision in ('granted', 'refused')),
  add column evidence text not null default 'miniProgram',
  add column basis jsonb;
create index consent_open_id on consent (namespace, open_id);

-- A session of the mini-program or of the invite page.
alter table member_session
  add column namespace text not null default '',
  add column external_user_id text;

-- Channels: invite links, limits, forms, binding.
alter table channel drop constraint channel_kind_check;
alter table channel
  add constraint channel_kind_check check (kind in ('scan', 'invitation', 'inviteLink', 'confirmation')),
  add column form_key text not null default 'default',
  add column binding_mode text not null default 'progressive' check (binding_mode in ('forced', 'progressive', 'independent')),
  add column corp_tag_ids text[] not null default '{}',
  add column welcome_variant text,
  add column expires_at timestamptz,
  add column revoked_at timestamptz,
  add column max_registrations integer,
  -- Counted only where there is a limit: a counter of every channel would be one hot row per shop.
  add column counted_registrations integer not null default 0,
  -- The person a confirmation link belongs to.
  add column person_id uuid,
  add column created_by text;

-- One row per visit of a channel, one column per step of the funnel (R102).
create table visit (
  visit_id uuid primary key,
  channel_id uuid not null references channel on delete cascade,
  namespace text,
  open_id text,
  place text not null,
  opened_at timestamptz not null,
  consented_at timestamptz,
  phone_at timestamptz,
  member_at timestamptz,
  linked_at timestamptz,
  member_id uuid
);
create index visit_channel on visit (channel_id, opened_at);
create index visit_open_id on visit (namespace, open_id);
create index visit_member on visit (member_id);

-- What somebody has filled in before there is a member: 24 h, sealed. Written with every registration: no index but the key.
create table registration_draft (
  namespace text not null,
  open_id text not null,
  draft_id uuid not null,
  channel_token text,
  form_version text,
  data_key_sealed bytea not null,
  answers_sealed bytea,
  phone_sealed bytea,
  challenge_hash bytea,
  challenge_tries smallint not null default 0,
  challenge_sent_at timestamptz,
  challenge_expires_at timestamptz,
  -- The attempt that went into the risk counters: a second tap is not a second attempt.
  counted_by uuid,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (namespace, open_id)
);

-- Members without a phone (invite page), entered by somebody else, held, or absorbed by another.
alter table member
  alter column phone_sealed drop not null,
  alter column phone_index drop not null,
  add column confirmed_at timestamptz,
  add column held_at timestamptz,
  add column absorbed_by uuid references member,
  add column entered_by text;

update member set confirmed_at = registered_at;

create table member_answer (
  member_id uuid not null references member,
  field_key text not null,
  value_sealed bytea not null,
  form_version text not null,
  answered_at timestamptz not null,
  primary key (member_id, field_key)
);

create table api_key (
  key_id uuid primary key,
  key_hash bytea not null unique,
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Identity as evidence (R33-R42). A person is what strong, active edges connect.
create table identity_edge (
  edge_id uuid primary key,
  a_namespace text not null,
  a_value text not null,
  b_namespace text not null,
  b_value text not null,
  source text not null,
  strength text not null check (strength in ('strong', 'medium', 'weak')),
  state text not null default 'active' check (state in ('active', 'quarantined', 'rejected')),
  observed_at timestamptz not null,
  consent_id uuid,
  unique (a_namespace, a_value, b_namespace, b_value, source)
);
create index identity_edge_b on identity_edge (b_namespace, b_value);
-- The evidence behind what was joined before evidence was kept.
insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
  select gen_random_uuid(), o.namespace, o.value, u.namespace, u.value, 'code2Session', 'strong', greatest(o.observed_at, u.observed_at)
  from identifier o join identifier u using (person_id) where o.namespace like 'mp-openid@%' and u.namespace like 'unionid@%';
insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
  select gen_random_uuid(), x.namespace, x.value, u.namespace, u.value, 'contactDetail', 'strong', greatest(x.observed_at, u.observed_at)
  from identifier x join external_contact c on c.external_user_id = x.value join identifier u on u.value = c.union_id
  where x.namespace like 'external-userid@%' and u.namespace like 'unionid@%';
-- What the junction looks up: contacts by unionid, relations by the state of the code they came through, rows of one person.
create index external_contact_union_id on external_contact (union_id) where union_id is not null;
create index follow_user_state on follow_user (state) where state is not null and state <> '';
create index touch_person on touch (person_id);
create index channel_person on channel (person_id) where person_id is not null;
create index channel_external_user on channel (external_user_id) where external_user_id is not null;

alter table identity_review
  add column state text not null default 'open' check (state in ('open', 'merged', 'keptApart')),
  add column edge_ids uuid[] not null default '{}',
  add column decided_by text,
  add column decided_at timestamptz,
  add column note text;

-- A merge and every row it moved, so that it can be undone.
create table person_merge (
  merge_id uuid primary key,
  survivor_id uuid not null references person,
  absorbed_ids uuid[] not null,
  decided_by text not null,
  review_id uuid references identity_review,
  edge_ids uuid[] not null default '{}',
  merged_at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  undo_note text
);
create index person_merge_survivor on person_merge (survivor_id);
create table person_merge_row (
  merge_id uuid not null references person_merge,
  table_name text not null,
  row_key text not null,
  before jsonb not null,
  primary key (merge_id, table_name, row_key)
);

-- A link that waits for its other half (90 days).
create table pending_link (
  pending_link_id uuid primary key,
  person_id uuid not null references person,
  kind text not null,
  link_key text not null unique,
  tries integer not null default 0,
  next_try_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'linked', 'expired'))
);
create index pending_link_due on pending_link (next_try_at) where state = 'waiting';
create index pending_link_person on pending_link (person_id);

-- Every later row carries the identifier it came through, so that a merge can be split (domain rules a 6).
alter table growth_entry add column via_namespace text, add column via_value text;
alter table timeline_entry add column via_namespace text, add column via_value text;
alter table touch add column via_namespace text, add column via_value text;

-- Risk (R95). Counters are durable and kept by keyed hash, never by address or number. Purged by night with one look at all of them.
create table risk_counter (
  signal text not null,
  key bytea not null,
  bucket timestamptz not null,
  count integer not null,
  -- Of these, how many took less than three seconds.
  fast integer not null default 0,
  primary key (signal, key, bucket)
);
create table risk_decision (
  decision_id uuid primary key,
  at timestamptz not null,
  outcome text not null check (outcome in ('allow', 'challenge', 'hold', 'deny')),
  reasons text[] not null,
  namespace text not null,
  open_id text not null,
  channel_id uuid,
  member_id uuid,
  verdict text check (verdict in ('released', 'confirmed')),
  reviewed_by text,
  reviewed_at timestamptz,
  note text
);
create index risk_decision_open on risk_decision (at desc) where verdict is null;
create index risk_decision_member on risk_decision (member_id);
create index risk_decision_account on risk_decision (namespace, open_id, at desc);
create table risk_alarm (
  alarm_key text primary key,
  at timestamptz not null,
  message text not null
);
create table risk_allowance (
  allowance_id uuid primary key,
  name text not null,
  channel_id uuid not null references channel,
  max_per_ten_minutes integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by text not null
);

-- Messages on their way out of the company: SMS and e-mail.
create table delivery (
  delivery_id uuid primary key,
  medium text not null check (medium in ('sms', 'email')),
  purpose text not null check (purpose in ('service', 'marketing')),
  person_id uuid,
  channel_id uuid references channel,
  recipient_sealed bytea not null,
  recipient_index bytea not null,
  subject text,
  body_sealed bytea not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'cancelled')),
  reason text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index delivery_person on delivery (person_id);
create index delivery_recipient on delivery (recipient_index);
create index delivery_recent on delivery (created_at desc);

-- A state begins one kind of login and may end in one kind of session (P6).
alter table oauth_state
  add column purpose text not null default 'staff' check (purpose in ('staff', 'invite')),
  add column session_kind text not null default 'staff' check (session_kind in ('staff', 'member'));
