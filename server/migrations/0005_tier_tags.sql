-- Up Migration

-- What a look at all pairs of one employee found: pairs that did not carry exactly their tier tag (R54).
create table tier_tag_report (
  staff_user_id text not null,
  at timestamptz not null,
  checked integer not null,
  differed integer not null,
  primary key (staff_user_id, at)
);
