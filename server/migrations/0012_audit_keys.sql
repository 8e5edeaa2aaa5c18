-- Up Migration

-- What daily work may do (P8): everything but change the audit. Roles belong to the whole cluster, so it may be there already; an owner
-- who may not make roles goes on without one, and the triggers below are what is left (ADR 0019).
do $$
begin
  if not exists (select from pg_roles where rolname = 'qihui_app') then
    create role qihui_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise warning 'role qihui_app is missing: let an administrator run "create role qihui_app; grant qihui_app to %"', current_user;
end $$;

-- The chain over the audit, one per local day; written by one sealer, never changed.
create table audit_seal (
  day date not null,
  seq integer not null,
  audit_entry_id uuid not null unique,
  hash bytea not null,
  primary key (day, seq)
);

-- Signed heads of the chains, also copied out of the database.
create table audit_head (
  day date not null,
  seq integer not null,
  hash bytea not null,
  signed_at timestamptz not null,
  signature bytea not null,
  primary key (day, seq, signed_at)
);

-- What a look at the whole chain found.
create table audit_verification (
  verification_id uuid primary key,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  from_day date,
  to_day date,
  entries integer not null,
  finding jsonb,
  asked_by text
);
create index audit_verification_recent on audit_verification (finished_at desc);

-- What is looked for by time: the sealer, the console, the purge.
create index audit_entry_at on audit_entry (at, audit_entry_id);

-- How far the re-wrapping under a new field key has come; one row per column and version.
create table key_rotation (
  version smallint not null,
  place text not null,
  cursor text not null default '',
  rewrapped integer not null default 0,
  unreadable integer not null default 0,
  updated_at timestamptz not null,
  finished_at timestamptz,
  primary key (version, place)
);

-- The second line, for whoever does own the tables: rows are added, and removed only by a purge that says so and never before six months.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('qihui.audit_purge', true) = 'on' then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create function refuse_early_purge() returns trigger language plpgsql as $$
begin
  if old.at >= now() - interval '6 months' then
    raise exception 'audit entries are kept for six months at least' using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function refuse_audit_change();
create trigger audit_entry_kept before delete on audit_entry for each row execute function refuse_early_purge();
create trigger audit_seal_append_only before update or delete on audit_seal for each row execute function refuse_audit_change();
create trigger audit_head_append_only before update or delete on audit_head for each row execute function refuse_audit_change();

do $$
begin
  if not exists (select from pg_roles where rolname = 'qihui_app') then return; end if;
  begin
    execute format('grant qihui_app to %I', current_user);
  exception when insufficient_privilege or invalid_grant_operation then null;
  end;
  grant usage on schema public to qihui_app;
  grant select, insert, update, delete on all tables in schema public to qihui_app;
  grant usage, select on all sequences in schema public to qihui_app;
  -- Tables of later migrations and of the queue, which the relay fills in the transaction that empties the outbox.
  alter default privileges grant usage on schemas to qihui_app;
  alter default privileges grant select, insert, update, delete on tables to qihui_app;
  alter default privileges grant usage, select on sequences to qihui_app;
  if exists (select from pg_namespace where nspname = 'queue') then
    grant usage on schema queue to qihui_app;
    grant select, insert, update, delete on all tables in schema queue to qihui_app;
    grant usage, select on all sequences in schema queue to qihui_app;
  end if;
  revoke update, delete on audit_entry, audit_seal, audit_head, audit_verification from qihui_app;
  revoke insert, update, delete on schema_migration from qihui_app;
end $$;
