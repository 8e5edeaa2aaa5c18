-- Up Migration

-- A draft comes and goes with its registration. Once vacuum has given the empty pages back, the table looks tiny, a plan made then reads it
-- from end to end, and the next burst leaves thousands of dead rows in its way. Pages that stay keep the look-up by key the cheaper one.
alter table registration_draft set (vacuum_truncate = false);
