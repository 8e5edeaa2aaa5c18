-- Up Migration

-- What was refused, by us or by a vendor: how often, and when last. Read by the doctor.
create table sighting (
  name text primary key,
  count bigint not null,
  last_at timestamptz not null
);
