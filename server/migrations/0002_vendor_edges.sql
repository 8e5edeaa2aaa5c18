-- Up Migration

-- A block belongs to the secret that earned it: with another secret the keeper tries again at once.
alter table vendor_credential add column secret_digest bytea;

-- What became of each welcome (P5, test 17): one row per event, so it is never tried twice.
create table welcome_attempt (
  event_digest text primary key,
  external_user_id text not null,
  staff_user_id text not null,
  outcome text not null check (outcome in ('sending', 'sent', 'missed', 'lostRace', 'failed')),
  received_at timestamptz not null,
  finished_at timestamptz
);
