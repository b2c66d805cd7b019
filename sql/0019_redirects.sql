-- Makers' redirect services: a phone fresh from its box asks its maker where to go.
set local search_path = offhook;

-- A tenant's account at one of them. One for each maker: two would tell the same phone two things.
create table redirect_accounts (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  -- the first part of the names of its phone families
  maker text not null,
  service text not null,
  -- whose account it is; no secret
  username text not null,
  -- sealed, a JSON object
  login bytea not null,
  options jsonb not null default '{}',
  -- what phones are sent to: the address of this server, or one of their own that holds their token
  address text not null default 'base' check (address in ('base', 'token')),
  enabled boolean not null default true,
  -- its phones are being taken from the service; it goes with the last one
  leaving boolean not null default false,
  -- why the last call as a whole came to nothing, how often in a row, and until when it is left alone
  note text,
  failures integer not null default 0,
  paused_until timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null,
  unique (tenant_id, id),
  constraint redirect_accounts_maker_unique unique (maker, tenant_id)
);

-- What a service is to hold of a phone. Named by MAC address: a phone that is gone from here is still to be taken from there.
create table redirect_devices (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  account_id bigint not null,
  mac text not null check (mac ~ '^[0-9a-f]{12}$'),
  -- false: it is to be forgotten there, and the row goes when it is
  present boolean not null default true,
  state text not null default 'wanted' check (state in ('wanted', 'sent', 'confirmed', 'failed')),
  -- of the address that it was sent; the address itself may hold a secret
  sent_sha256 bytea,
  -- from then on the service may hold it
  sent_at timestamptz,
  confirmed_at timestamptz,
  attempts integer not null default 0,
  -- null: nothing is to be done until somebody asks
  next_attempt_at timestamptz default now(),
  -- why it failed, and what helps; or what is to be known of a phone that is confirmed
  reason text,
  cure text,
  -- when the service was last found to hold something else than it was sent, and what
  altered_at timestamptz,
  altered_to text,
  -- counts what was asked for: an outcome is noted only of what was asked last
  revision integer not null default 1,
  unique (tenant_id, id),
  unique (account_id, mac),
  foreign key (tenant_id, account_id) references redirect_accounts (tenant_id, id) on delete cascade
);
create index redirect_devices_due on redirect_devices (account_id, next_attempt_at) where next_attempt_at is not null;
create index on redirect_devices (mac);

-- What stands on the label beside the MAC address. Some makers register a phone by both; a list may come before the phones.
create table device_serials (
  tenant_id bigint not null references tenants,
  mac text not null check (mac ~ '^[0-9a-f]{12}$'),
  serial text not null check (serial ~ '^[A-Za-z0-9-]{1,40}$'),
  primary key (mac, tenant_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['redirect_accounts', 'redirect_devices', 'device_serials'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;

-- Brings what is wanted of these phones in line with the phones that there are, whatever happened to them in which order.
create function queue_redirects(changed text[]) returns void language plpgsql as $$
begin
  insert into offhook.redirect_devices as r (tenant_id, account_id, mac)
    -- A phone that takes another's place stands there twice until the other one goes.
    select distinct d.tenant_id, a.id, d.mac from offhook.devices d join offhook.redirect_accounts a
      on a.tenant_id = d.tenant_id and a.maker = split_part(d.family, '-', 1) and not a.leaving
    where d.mac = any (changed) order by d.mac
  on conflict (account_id, mac) do update set present = true, state = 'wanted', attempts = 0, next_attempt_at = now(),
    reason = null, cure = null, revision = r.revision + 1;
  -- What was never sent is nowhere.
  delete from offhook.redirect_devices r where r.mac = any (changed) and r.sent_at is null and not exists (
    select from offhook.devices d join offhook.redirect_accounts a on a.id = r.account_id
    where d.mac = r.mac and d.tenant_id = r.tenant_id and a.maker = split_part(d.family, '-', 1));
  update offhook.redirect_devices r set present = false, state = 'wanted', attempts = 0, next_attempt_at = now(),
    reason = null, cure = null, revision = r.revision + 1
  where r.mac = any (changed) and r.present and not exists (
    select from offhook.devices d join offhook.redirect_accounts a on a.id = r.account_id
    where d.mac = r.mac and d.tenant_id = r.tenant_id and a.maker = split_part(d.family, '-', 1));
end $$;

create function queue_redirects_of_rows() returns trigger language plpgsql as $$
begin
  -- Most have no account anywhere: an import of a building must not read its phones again for nothing.
  if exists (select from offhook.redirect_accounts) then
    perform offhook.queue_redirects(array(select mac from rows where mac is not null));
  end if;
  return null;
end $$;
create trigger queue_redirects_added after insert on devices referencing new table as rows
  for each statement execute function queue_redirects_of_rows();
create trigger queue_redirects_gone after delete on devices referencing old table as rows
  for each statement execute function queue_redirects_of_rows();

create function queue_redirects_of_row() returns trigger language plpgsql as $$
begin
  if exists (select from offhook.redirect_accounts) then
    perform offhook.queue_redirects(array_remove(array[old.mac, new.mac], null));
  end if;
  return null;
end $$;
-- Whoever answers phones notes when they came, and nothing of this.
create trigger queue_redirects_changed after update of mac, family, token_sha256 on devices for each row
  when (old.mac is distinct from new.mac or old.family is distinct from new.family
    or old.token_sha256 is distinct from new.token_sha256)
  execute function queue_redirects_of_row();

create trigger notify_redirects after insert or update of next_attempt_at on redirect_devices
  for each statement execute function notify_channel('offhook_redirects');
create trigger notify_redirects after update of enabled, login, options, paused_until on redirect_accounts
  for each statement execute function notify_channel('offhook_redirects');
