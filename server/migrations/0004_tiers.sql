-- Up Migration

-- Tiers, thresholds, periods and windows are versions of data (R97).
create table tier_rules (
  version text primary key,
  effective_from timestamptz not null,
  definition jsonb not null,
  published_at timestamptz not null,
  published_by text
);

-- What the engine says of a member, kept: the day the period began, its review, and the end of a grace. Local days of Asia/Shanghai.
alter table member
  add column tier_anchor date,
  add column tier_review_on date,
  add column tier_grace_until date;
update member set
  tier_anchor = (tier_since at time zone 'Asia/Shanghai')::date,
  tier_review_on = case tier
    when 'silver' then (tier_since at time zone 'Asia/Shanghai')::date + interval '12 months'
    when 'gold' then (tier_since at time zone 'Asia/Shanghai')::date + interval '3 months'
  end;
create index member_tier_due on member ((coalesce(tier_grace_until, tier_review_on + 1))) where tier_grace_until is not null or tier_review_on is not null;

-- A reversal names what it reverses; money is kept so that partial refunds add up to the whole.
alter table growth_entry
  add column reverses uuid references growth_entry,
  add column money_fen integer;
create index growth_entry_occurred on growth_entry (occurred_at);
create index growth_entry_reverses on growth_entry (reverses) where reverses is not null;

-- Every decision about a tier, with the value and the rules it was made by.
create table tier_event (
  member_id uuid not null references member,
  at timestamptz not null,
  kind text not null check (kind in ('joined', 'upgraded', 'kept', 'graceStarted', 'graceEnded', 'downgraded')),
  tier text not null check (tier in ('normal', 'silver', 'gold')),
  growth_value integer not null,
  rules_version text not null,
  primary key (member_id, at, kind)
);

-- Days whose reviews are done; a night that was missed is made up for, one day after the other.
create table tier_day (
  day date primary key,
  finished_at timestamptz not null
);
