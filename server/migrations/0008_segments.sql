-- Up Migration

-- Dynamic groups (R55): conditions over members, and the corp tag that shows who meets them.
create table segment (
  segment_id uuid primary key,
  name text not null,
  conditions jsonb not null,
  state text not null default 'active' check (state in ('active', 'paused', 'deleting')),
  tag_id text unique,
  -- Why the tag could not be written, in words; null while all is well.
  failure text,
  member_count integer,
  refreshed_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index segment_name on segment (lower(name));

create table segment_member (
  segment_id uuid not null references segment on delete cascade,
  member_id uuid not null references member on delete cascade,
  since timestamptz not null,
  primary key (segment_id, member_id)
);
create index segment_member_member on segment_member (member_id);

-- Answers that conditions ask for, by keyed hash: only plain choices, only fields in use, gone with the answer.
create table answer_index (
  member_id uuid not null,
  field_key text not null,
  value_index bytea not null,
  answered_at timestamptz not null,
  primary key (member_id, field_key),
  foreign key (member_id, field_key) references member_answer on delete cascade
);

-- WeCom does not say who made a tag; an app may change only its own (platform 5), so we remember what we made.
alter table corp_tag_group add column is_ours boolean not null default false;
alter table corp_tag add column is_ours boolean not null default false;
update corp_tag set is_ours = true where tier is not null;
update corp_tag_group set is_ours = true where group_id in (select group_id from corp_tag where tier is not null);

-- Changes of the library asked for in the console, on their way to WeCom.
create table corp_tag_change (
  change_id uuid primary key,
  change jsonb not null,
  -- The tag or group it is about; null for a new group.
  target_id text,
  summary text not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  failure text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index corp_tag_change_recent on corp_tag_change (created_at desc);

-- What our last write or look left of our own tags on a pair. A relation made anew begins anew.
create table pair_tag_state (
  external_user_id text not null references external_contact on delete cascade,
  staff_user_id text not null,
  added_at timestamptz not null,
  tag_ids text[] not null,
  synced_at timestamptz not null,
  primary key (external_user_id, staff_user_id)
);

-- Somebody changed our tags by hand; it was put right.
create table tag_hand_edit (
  hand_edit_id bigint generated always as identity primary key,
  external_user_id text not null references external_contact on delete cascade,
  staff_user_id text not null,
  at timestamptz not null,
  added_names text[] not null,
  removed_names text[] not null
);
create index tag_hand_edit_staff on tag_hand_edit (staff_user_id, at desc);
create index tag_hand_edit_contact on tag_hand_edit (external_user_id);

-- Looks at all pairs: how many employees one has to go through.
create table tag_review_run (
  run_id uuid primary key,
  started_at timestamptz not null,
  staff_user_ids text[] not null
);
create index tag_review_run_recent on tag_review_run (started_at desc);
