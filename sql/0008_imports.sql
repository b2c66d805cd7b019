-- An import is stored with what was brought, so that it can be looked at, corrected and applied later, by somebody else
-- or by another process. Plans and edits hold personal data; `erase_after` says when they go.
set local search_path = offhook;

alter table imports drop constraint imports_state_check;
alter table imports add constraint imports_state_check
  check (state in ('planning', 'planned', 'applying', 'applied', 'undone', 'failed'));
alter table imports
  -- sealed: what was brought; null for an import that was applied at once, and once erased
  add column content bytea,
  -- sealed: the rows with problems as a file, made when it was planned
  add column errors bytea,
  -- counts up with every edit, so that a plan that was overtaken is not taken for the newest
  add column revision integer not null default 0,
  -- how often a process has begun to plan or apply it
  add column attempts integer not null default 0,
  -- why it failed, or why it must be looked at again
  add column note text,
  add column detected jsonb not null default '{}',
  add column warnings jsonb not null default '[]',
  add column credentials_until timestamptz,
  add column erase_after timestamptz,
  add column erased_at timestamptz;

-- What an import wrote, person by person: what an undo takes back.
alter table import_rows rename to import_changes;
alter index import_rows_pkey rename to import_changes_pkey;
-- whom it was written for, where their own row was written; they may be gone since
alter table import_changes add column user_id bigint;
create index on import_changes (import_id) where verdict = 'new';

-- What an import would do, row by row, as the admin sees it. `diff` is also what an apply is held to: it is refused when
-- it would do anything else.
create table import_rows (
  tenant_id bigint not null,
  import_id bigint not null,
  row integer not null,
  verdict text not null check (verdict in ('new', 'changed', 'unchanged', 'missing', 'problem')),
  who text not null,
  cells text storage external not null,
  diff text storage external not null,
  problems text not null,
  primary key (import_id, row),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
create index on import_rows (import_id, verdict, row);

create table import_edits (
  tenant_id bigint not null,
  import_id bigint not null,
  row integer not null,
  -- sealed: the texts of the cells, for a PIN or password may be among them
  edit bytea not null,
  actor text not null,
  at timestamptz not null default now(),
  primary key (import_id, row),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);

-- Written over a connection of its own, for the import's row is locked while it is applied.
create table import_progress (
  tenant_id bigint not null,
  import_id bigint primary key,
  phase text not null check (phase in ('reading', 'planning', 'writing', 'done')),
  done integer not null,
  total integer not null,
  at timestamptz not null default now(),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);

-- What an admin decided about a file's columns and values, to be offered to the next file.
create table remembered (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  actor text not null,
  kind text not null check (kind in ('column', 'value')),
  -- '' for a column
  field text not null,
  -- normalised: what stands in the file
  term text not null,
  -- the field of a column, the text of a value
  target text not null,
  at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, actor, kind, field, term)
);

create function notify_imports() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_imports', '');
  return null;
end $$;
create trigger notify_imports after insert or update of state, revision on imports
  for each statement execute function notify_imports();

do $$
declare
  name text;
begin
  foreach name in array array['import_rows', 'import_edits', 'import_progress', 'remembered'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;
