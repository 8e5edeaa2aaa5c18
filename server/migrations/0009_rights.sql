-- Departments as WeCom lists them; the tree decides whose customers a grant reaches (R80, R84).
create table department (
  department_id integer primary key,
  name text not null,
  parent_id integer,
  synced_at timestamptz not null
);
create index department_parent on department (parent_id);

-- Roles given to staff beside the default one and those of the settings; ended rows stay as the record of who held what.
create table staff_role (
  grant_id uuid primary key,
  staff_user_id text not null references staff,
  role text not null check (role in ('serviceAgent', 'salesRep', 'operationsAdmin', 'approver', 'auditor', 'systemAdmin')),
  scope text not null check (scope in ('own', 'department', 'departmentTree', 'all')),
  granted_by text not null,
  granted_at timestamptz not null,
  revoked_by text,
  revoked_at timestamptz,
  check (granted_by <> staff_user_id),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index staff_role_live on staff_role (staff_user_id, role) where revoked_at is null;

-- One row: how roles are granted, and what everybody visible to the app is without a grant (R83).
create table rights_setting (
  is_only boolean primary key default true check (is_only),
  model text not null check (model in ('central', 'distributed', 'hybrid')),
  default_role text check (default_role in ('serviceAgent', 'salesRep')),
  changed_by text,
  changed_at timestamptz
);
insert into rights_setting (model, default_role) values ('central', 'salesRep');
