-- Offhook's own tables. Every row names its tenant, and references go through (tenant_id, id), so that no row can point
-- into another tenant even if code is wrong. One sequence for all ids: an id is never reused by another table.
-- Of all indexes only (tenant_id, id) starts with the tenant: a check of a reference in a table without statistics may
-- take any index that starts with one of its columns, and another one would read the whole tenant for every row.
create schema if not exists offhook;
set local search_path = offhook;

create sequence ids;

-- One row: what must stay the same for the life of an installation. Changing the realm would void every digest.
create table installation (
  id boolean primary key default true check (id),
  realm text not null,
  key_check bytea not null,
  asterisk_schema text not null check (asterisk_schema in ('ours', 'foreign')),
  created_at timestamptz not null default now()
);

create table tenants (
  id bigint primary key default nextval('ids'),
  slug text not null unique check (slug ~ '^[a-z0-9]{2,16}$'),
  name text not null,
  -- defaults for fields of an import, by canonical field name
  defaults jsonb not null default '{}',
  -- neutral phone settings
  settings jsonb not null default '{}',
  -- full configurations over TFTP, inside a release window only
  tftp_configs boolean not null default false,
  created_at timestamptz not null default now()
);

create table locations (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null,
  defaults jsonb not null default '{}',
  settings jsonb not null default '{}',
  unique (tenant_id, id),
  unique (name, tenant_id)
);

create table profiles (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null,
  settings jsonb not null default '{}',
  unique (tenant_id, id),
  unique (name, tenant_id)
);

create table users (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  external_id text,
  username text not null,
  first_name text,
  last_name text,
  email text,
  role text,
  location_id bigint,
  desk text,
  language text,
  timezone text,
  authentication text not null default 'default',
  telephony boolean not null default true,
  fax boolean not null default false,
  tags jsonb not null default '[]',
  groups jsonb not null default '[]',
  -- sealed; a password that the admin brought, until it is hashed
  password bytea,
  unique (tenant_id, id),
  constraint users_external_id_unique unique (external_id, tenant_id) deferrable initially immediate,
  constraint users_username_unique unique (username, tenant_id) deferrable initially immediate,
  constraint users_email_unique unique (email, tenant_id) deferrable initially immediate,
  foreign key (tenant_id, location_id) references locations (tenant_id, id)
);

create table extensions (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  user_id bigint,
  number text not null check (number ~ '^[0-9]{2,10}$'),
  label text not null,
  caller_id text,
  ring_seconds integer not null default 20 check (ring_seconds between 5 and 300),
  unique (tenant_id, id),
  constraint extensions_number_unique unique (number, tenant_id) deferrable initially immediate,
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index on extensions (user_id, tenant_id);

-- A PJSIP account. Its name is endpoint, auth and AOR id in Asterisk.
create table endpoints (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  extension_id bigint not null,
  name text not null check (name ~ '^[A-Za-z0-9.-]{1,60}$'),
  kind text not null check (kind in ('desk', 'web', 'uri')),
  -- sealed; absent for a custom URI, which has nothing to register
  secret bytea,
  sip_uri text,
  unique (tenant_id, id),
  constraint endpoints_name_unique unique (name) deferrable initially immediate,
  foreign key (tenant_id, extension_id) references extensions (tenant_id, id)
);
create index on endpoints (extension_id, tenant_id);

create table mailboxes (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  extension_id bigint not null,
  number text not null check (number ~ '^[0-9]{2,10}$'),
  -- sealed; what we last set: a change by phone lives in asterisk.voicemail and is never overwritten by a re-import
  pin bytea not null,
  email text,
  pager text,
  transcription boolean not null default false,
  unique (tenant_id, id),
  constraint mailboxes_number_unique unique (number, tenant_id) deferrable initially immediate,
  foreign key (tenant_id, extension_id) references extensions (tenant_id, id)
);
create index on mailboxes (extension_id, tenant_id);

create table trunks (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null check (name ~ '^[a-z0-9-]{1,20}$'),
  -- addresses or networks that calls of this carrier come from
  match text not null,
  unique (tenant_id, id),
  constraint trunks_name_unique unique (name, tenant_id) deferrable initially immediate
);

create table dids (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  number text not null check (number ~ '^\+[1-9][0-9]{5,14}$'),
  extension_id bigint,
  unique (tenant_id, id),
  constraint dids_number_unique unique (number) deferrable initially immediate,
  foreign key (tenant_id, extension_id) references extensions (tenant_id, id)
);
create index on dids (extension_id, tenant_id);

create table devices (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  -- absent for a softphone
  mac text check (mac ~ '^[0-9a-f]{12}$'),
  name text not null,
  family text not null,
  model text not null,
  user_id bigint,
  location_id bigint,
  profile_id bigint,
  settings jsonb not null default '{}',
  -- sealed copy for the configuration, digest for the look-up
  token bytea not null,
  token_sha256 bytea not null,
  -- sealed
  admin_password bytea not null,
  -- when it first came with its token; a window opened before that no longer serves it
  sealed_at timestamptz,
  unique (tenant_id, id),
  constraint devices_mac_unique unique (mac) deferrable initially immediate,
  constraint devices_name_unique unique (name, tenant_id) deferrable initially immediate,
  constraint devices_token_unique unique (token_sha256) deferrable initially immediate,
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (tenant_id, location_id) references locations (tenant_id, id),
  foreign key (tenant_id, profile_id) references profiles (tenant_id, id)
);
create index on devices (user_id, tenant_id);

create table lines (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  device_id bigint not null,
  position integer not null check (position between 1 and 64),
  endpoint_id bigint not null,
  label text,
  unique (tenant_id, id),
  constraint lines_position_unique unique (device_id, position) deferrable initially immediate,
  foreign key (tenant_id, device_id) references devices (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references endpoints (tenant_id, id)
);
create index on lines (endpoint_id, tenant_id);

create table keys (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  device_id bigint,
  profile_id bigint,
  position integer not null check (position between 1 and 500),
  kind text not null,
  value text,
  label text,
  check (num_nonnulls(device_id, profile_id) = 1),
  unique (tenant_id, id),
  unique (device_id, position),
  unique (profile_id, position),
  foreign key (tenant_id, device_id) references devices (tenant_id, id),
  foreign key (tenant_id, profile_id) references profiles (tenant_id, id)
);

create table directory_entries (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  user_id bigint,
  name text not null,
  number text not null,
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index on directory_entries (user_id, tenant_id);

create table imports (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  source text not null,
  actor text not null,
  state text not null check (state in ('planned', 'applied', 'undone')),
  options jsonb not null,
  counts jsonb not null,
  problems jsonb not null,
  -- who was edited since and therefore kept by an undo
  kept jsonb not null default '[]',
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  undone_at timestamptz,
  unique (tenant_id, id)
);

-- The stored plan, a person a row. Secrets are replaced by their index into the sealed list.
create table import_rows (
  tenant_id bigint not null,
  import_id bigint not null,
  row integer not null,
  verdict text not null check (verdict in ('new', 'changed', 'unchanged', 'missing', 'problem')),
  who text not null,
  changes text storage external not null,
  secrets bytea,
  primary key (import_id, row),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);

-- Which of Asterisk's rows we made or took over. What is not listed here is never touched.
create table owned_rows (
  tenant_id bigint not null references tenants,
  table_name text not null,
  row_key text not null,
  primary key (table_name, row_key)
);

-- What must reach Asterisk after a commit; coalesced by (kind, subject) when it is sent.
create table outbox (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  kind text not null check (kind in ('reload', 'tenant-context')),
  subject text not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  done_at timestamptz
);
create index outbox_open on outbox (next_attempt_at) where done_at is null;

create table release_windows (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  -- absent: every device of the tenant
  device_id bigint,
  opened_at timestamptz not null default now(),
  closes_at timestamptz not null,
  opened_by text not null,
  check (closes_at > opened_at and closes_at <= opened_at + interval '7 days'),
  unique (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

create table audit (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb not null default '{}'
);
