-- Up Migration

-- Who leads whom, as WeCom tells it: a request is not decided by somebody the requester leads (R86).
alter table staff
  add column led_department_ids integer[] not null default '{}',
  add column leader_ids text[] not null default '{}';

-- When the approvers were told of a request: once.
alter table approval add column told_at timestamptz;
