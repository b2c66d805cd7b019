-- Who is told of changes by HTTP, and what became of each telling.
set local search_path = offhook;

create table webhooks (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  url text not null,
  -- sealed
  secret bytea not null,
  -- sealed; signs beside the new one until then, so that a receiver can change over
  previous_secret bytea,
  previous_until timestamptz,
  events text[] not null check (cardinality(events) > 0),
  enabled boolean not null default true,
  -- why it was switched off without being asked
  note text,
  created_at timestamptz not null default now(),
  created_by text not null,
  unique (tenant_id, id),
  check ((previous_secret is null) = (previous_until is null))
);

create table webhook_deliveries (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  webhook_id bigint not null,
  -- the same for all that are told of an event and at every attempt, so that a receiver can tell a repetition
  event_id text not null,
  type text not null,
  body jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (tenant_id, id),
  unique (webhook_id, event_id),
  foreign key (tenant_id, webhook_id) references webhooks (tenant_id, id) on delete cascade
);
create index webhook_deliveries_queued on webhook_deliveries (webhook_id, next_attempt_at) where state = 'queued';
create index on webhook_deliveries (webhook_id, id);

create function notify_webhooks() returns trigger language plpgsql as $$
begin
  if exists (select from told where state = 'queued') then
    perform pg_notify('offhook_webhooks', '');
  end if;
  return null;
end $$;
create trigger notify_webhooks after insert on webhook_deliveries referencing new table as told
  for each statement execute function notify_webhooks();

do $$
declare
  name text;
begin
  foreach name in array array['webhooks', 'webhook_deliveries'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;
