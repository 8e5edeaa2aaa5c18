-- Up Migration

-- What the keys of this deployment make of a fixed text: a process that was given other keys finds it out before it writes with them
-- (trust test 71). Names are 'index' and 'field:<version>'; nothing of it belongs to a person, and a rotation leaves it alone.
create table key_check (
  name text primary key,
  value bytea not null
);
