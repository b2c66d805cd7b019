-- Who may use the API: bearer tokens, and the answers that a repeated request gets again.
set local search_path = offhook;

create table tokens (
  id bigint primary key default nextval('ids'),
  -- null: the whole installation
  tenant_id bigint references tenants,
  -- part of the history's actor, `token:NAME`
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
  -- of the token's text; 256 random bits need no salt
  sha256 bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- null: never
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  unique (tenant_id, id)
);
-- A name is free again once its token is revoked; what the history says was then done by either.
create unique index tokens_name_unique on tokens (name, tenant_id) nulls not distinct where revoked_at is null;

-- The first answer to an Idempotency-Key, for 24 hours. Keys of one token do not meet those of another.
create table idempotency_keys (
  token_id bigint not null,
  key text not null,
  -- the token's; null: the token is one of the installation
  tenant_id bigint references tenants,
  -- of method, address, tenant and body
  request_sha256 bytea not null,
  -- null: the first request is still under way
  status integer,
  -- sealed: headers and body, for a secret may be among them
  answer bytea,
  created_at timestamptz not null default now(),
  primary key (token_id, key),
  foreign key (tenant_id, token_id) references tokens (tenant_id, id) on delete cascade
);
create index on idempotency_keys (created_at);

-- What concerns the whole installation belongs to no tenant's history.
alter table audit alter column tenant_id drop not null;

do $$
declare
  name text;
begin
  foreach name in array array['tokens', 'idempotency_keys'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;
