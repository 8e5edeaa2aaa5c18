-- Up Migration

-- Who became one with somebody is asked for each erasure, each restriction and each look at who looked, and by PostgreSQL itself before a row
-- is deleted. Few ever did, so the index is small and a registration does not touch it.
create index person_absorbed on person (absorbed_by) where absorbed_by is not null;
create index member_absorbed on member (absorbed_by) where absorbed_by is not null;
