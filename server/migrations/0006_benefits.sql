-- Up Migration

-- Benefits, who has them and when they unlock are versions of data (R52, R97).
create table benefit_rules (
  version text primary key,
  effective_from timestamptz not null,
  definition jsonb not null,
  published_at timestamptz not null,
  published_by text
);

-- The local day the present period of the tier began: the upgrade, the last review that was passed, the end of a grace. Null until the
-- engine has looked at the member: then it is the day the tier was reached.
alter table member add column tier_period_on date;
update member set tier_period_on = tier_anchor;
create index member_tier_period on member ((coalesce(tier_period_on, (tier_since at time zone 'Asia/Shanghai')::date)), tier);

-- What a member was given, once per benefit and period. `origin_member_id` is who it was given to: it stays when two members become one,
-- so that their rows can lie side by side.
create table benefit_grant (
  grant_id uuid primary key,
  member_id uuid not null references member,
  origin_member_id uuid not null references member,
  benefit text not null,
  kind text not null check (kind in ('service', 'adviser', 'priority', 'coupon')),
  tier text not null check (tier in ('normal', 'silver', 'gold')),
  period_on date not null,
  rules_version text not null,
  granted_at timestamptz not null,
  -- The tier no longer carries it. A coupon that was given stays valid.
  ended_at timestamptz,
  -- A coupon's code has been made.
  issued_at timestamptz,
  unique (origin_member_id, benefit, period_on)
);
create index benefit_grant_member on benefit_grant (member_id, benefit);
create index benefit_grant_unissued on benefit_grant (grant_id) where kind = 'coupon' and issued_at is null;

-- Days whose unlocks are done, with the rules they were done by.
create table benefit_day (
  day date primary key,
  rules_version text not null,
  finished_at timestamptz not null
);

-- A coupon: money off, in fen. The code rests as a keyed hash to look it up and sealed to show it.
create table coupon (
  coupon_id uuid primary key,
  grant_id uuid not null unique references benefit_grant,
  member_id uuid not null references member,
  code_index bytea not null unique,
  code_sealed bytea not null,
  name text not null,
  amount_fen integer not null check (amount_fen > 0),
  threshold_fen integer not null check (threshold_fen >= 0),
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  redeemed_at timestamptz,
  order_no text
);
create index coupon_member on coupon (member_id);

-- Who looks after a member with a dedicated adviser, one at a time (R49, R53), and what the choice rests on.
create table member_adviser (
  adviser_id uuid primary key,
  member_id uuid not null references member,
  staff_user_id text not null,
  basis text not null check (basis in ('follow', 'channel', 'load')),
  since timestamptz not null,
  ended_at timestamptz
);
create unique index member_adviser_present on member_adviser (member_id) where ended_at is null;
create index member_adviser_staff on member_adviser (staff_user_id) where ended_at is null;

-- One contact way per adviser, for all members they look after: the vendor allows 500,000 in all.
create table adviser_way (
  staff_user_id text primary key,
  token text not null unique,
  state text not null default 'preparing' check (state in ('preparing', 'ready', 'failed')),
  config_id text,
  url text,
  created_at timestamptz not null
);
