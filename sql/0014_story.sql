-- What phones asked for and got, which of them register, and which are to be told to fetch again.
set local search_path = offhook;

-- Written in batches by whoever answers phones, never while a phone waits.
create table device_contacts (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  device_id bigint not null,
  at timestamptz not null,
  transport text not null check (transport in ('http', 'https', 'tftp')),
  address text not null,
  file text not null,
  user_agent text not null,
  -- as the User-Agent says
  family text,
  model text,
  firmware text,
  outcome text not null,
  -- an error's message, where there was one
  detail text,
  bytes integer,
  -- how often the same was asked within the batch
  times integer not null default 1,
  unique (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index on device_contacts (device_id, id);

-- What a phone last got of each of its files, to know whether a change concerns it.
create table device_files (
  tenant_id bigint not null references tenants,
  device_id bigint not null,
  name text not null,
  etag text not null,
  served_at timestamptz not null,
  primary key (device_id, name),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

-- Who asked and is in no inventory. It belongs to no tenant yet, so no tenant sees it; how many there are is bounded.
create table waiting_phones (
  id bigint primary key default nextval('ids'),
  -- absent where neither file nor User-Agent said it
  mac text check (mac ~ '^[0-9a-f]{12}$'),
  address text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  contacts integer not null,
  transport text not null,
  file text not null,
  user_agent text not null,
  family text,
  model text,
  firmware text,
  outcome text not null,
  unique nulls not distinct (mac, address)
);
create index on waiting_phones (address, last_at);
create index on waiting_phones (last_at);

-- What Asterisk was last known to say of an account.
create table account_states (
  endpoint_id bigint primary key,
  tenant_id bigint not null references tenants,
  -- since when it is registered without a break; null: it is not
  registered_at timestamptz,
  -- when it last could be called
  callable_at timestamptz,
  gone_at timestamptz,
  reachable boolean not null,
  foreign key (tenant_id, endpoint_id) references endpoints (tenant_id, id) on delete cascade
);

-- Phones that something was changed about since their files were last compared.
create table changed_devices (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  changed_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

create table device_resyncs (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  reason text not null check (reason in ('changed', 'asked')),
  state text not null default 'queued'
    check (state in ('queued', 'told', 'came', 'missing', 'away', 'failed', 'stopped')),
  due_at timestamptz not null default now(),
  told_at timestamptz,
  ended_at timestamptz,
  -- why it could not be told
  note text,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index on device_resyncs (state, due_at);
create index on device_resyncs (told_at);

do $$
declare
  name text;
begin
  foreach name in array array['device_contacts', 'device_files', 'account_states', 'changed_devices', 'device_resyncs']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
  foreach name in array array['device_contacts', 'device_files'] loop
    execute format('create policy phones on %I to offhook_phones using (true) with check (true)', name);
  end loop;
end $$;
grant select, insert, delete on device_contacts to offhook_phones;
grant select, insert, update on device_files to offhook_phones;
grant select, insert, update, delete on waiting_phones to offhook_phones;
grant usage on sequence ids to offhook_phones;

-- Whoever follows what phones do, or tells them to fetch again, hears that there is something.
create function notify_channel() returns trigger language plpgsql as $$
begin
  perform pg_notify(tg_argv[0], '');
  return null;
end $$;
create trigger notify_contacts after insert on device_contacts
  for each statement execute function notify_channel('offhook_contacts');
create trigger notify_contacts after insert or update on waiting_phones
  for each statement execute function notify_channel('offhook_contacts');
create trigger notify_resyncs after insert on changed_devices
  for each statement execute function notify_channel('offhook_resyncs');
create trigger notify_resyncs after insert or update of due_at on device_resyncs
  for each statement execute function notify_channel('offhook_resyncs');

-- The argument selects the devices that the changed rows are about. Only phones that fetched something can have old bytes,
-- so the first import of a building costs nothing here.
create function note_changed_devices() returns trigger language plpgsql as $$
begin
  -- Whoever answers phones changes when they were sealed and nothing that is in a file.
  if current_user = 'offhook_phones' or not exists (select from device_files) then
    return null;
  end if;
  execute 'insert into offhook.changed_devices (tenant_id, device_id)
    select d.tenant_id, d.id from offhook.devices d where d.id in (' || tg_argv[0] || ')
      and exists (select from offhook.device_files f where f.device_id = d.id) order by d.id
    on conflict (device_id) do update set changed_at = clock_timestamp()';
  return null;
end $$;

do $$
declare
  rule record;
begin
  for rule in select * from (values
    ('devices', 'select n.id from rows n join old_rows o using (id) where
        (n.name, n.family, n.model, n.user_id, n.location_id, n.profile_id, n.settings, n.admin_password)
        is distinct from (o.name, o.family, o.model, o.user_id, o.location_id, o.profile_id, o.settings, o.admin_password)'),
    ('lines', 'select device_id from rows'),
    ('keys', 'select device_id from rows
        union select p.id from rows r join offhook.devices p on p.profile_id = r.profile_id'),
    ('users', 'select p.id from rows n join old_rows o using (id) join offhook.devices p on p.user_id = n.id
        where (n.location_id, n.language, n.timezone) is distinct from (o.location_id, o.language, o.timezone)'),
    ('endpoints', 'select l.device_id from rows r join offhook.lines l on l.endpoint_id = r.id'),
    ('extensions', 'select l.device_id from rows r join offhook.endpoints e on e.extension_id = r.id
        join offhook.lines l on l.endpoint_id = e.id'),
    ('locations', 'select p.id from rows r join offhook.devices p on p.location_id = r.id
        union select p.id from rows r join offhook.users u on u.location_id = r.id
        join offhook.devices p on p.user_id = u.id'),
    ('profiles', 'select p.id from rows r join offhook.devices p on p.profile_id = r.id'),
    ('tenants', 'select p.id from rows n join old_rows o using (id) join offhook.devices p on p.tenant_id = n.id
        where n.settings is distinct from o.settings')
  ) as rules (name, devices) loop
    execute format('create trigger note_changed_devices after update on %I referencing old table as old_rows '
      'new table as rows for each statement execute function note_changed_devices(%L)', rule.name, rule.devices);
    if rule.name in ('lines', 'keys') then
      execute format('create trigger note_changed_devices_added after insert on %I referencing new table as rows '
        'for each statement execute function note_changed_devices(%L)', rule.name, rule.devices);
      execute format('create trigger note_changed_devices_gone after delete on %I referencing old table as rows '
        'for each statement execute function note_changed_devices(%L)', rule.name, rule.devices);
    end if;
  end loop;
end $$;

-- With another address a phone finds nothing at the one that it knows: telling it to fetch would be in vain.
create function forget_device_files() returns trigger language plpgsql as $$
begin
  delete from offhook.device_files where device_id = new.id;
  return null;
end $$;
create trigger forget_device_files after update of token_sha256 on devices
  for each row when (old.token_sha256 is distinct from new.token_sha256) execute function forget_device_files();
