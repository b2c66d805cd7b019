-- How a phone proves which one it is besides its token: by its maker's certificate, or by a password at an address that
-- its tenant opened. And which phones' configurations left where anybody on the way could read them.
set local search_path = offhook;

-- The certificate that a phone came with first; another one with the same MAC address is not believed.
create table device_certificates (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  subject text not null,
  issuer text not null,
  expires_at timestamptz not null,
  pinned_at timestamptz not null default now(),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

create table device_logins (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  password bytea not null,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

-- The folder under which phones of a tenant are asked for their password. All of them know it: it is no secret, but
-- nobody else guesses it.
create table login_addresses (
  tenant_id bigint primary key references tenants,
  path text not null unique check (path ~ '^[A-Za-z0-9_-]{22}$'),
  opened_at timestamptz not null default now(),
  opened_by text not null
);

create table device_exposures (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  at timestamptz not null,
  transport text not null,
  address text not null,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);

-- By what the phone proved itself when it got its file.
alter table device_contacts add column way text
  check (way in ('token', 'window', 'certificate', 'digest', 'basic'));

do $$
declare
  name text;
begin
  foreach name in array array['device_certificates', 'device_logins', 'login_addresses', 'device_exposures'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
    execute format('create policy phones on %I to offhook_phones using (true) with check (true)', name);
    execute format('grant select on %I to offhook_phones', name);
  end loop;
end $$;
grant insert, update on device_certificates, device_exposures to offhook_phones;

-- What phones are asked for changes nothing in their files, so no file need be read anew.
create function notify_logins() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_phones', 'logins');
  return null;
end $$;
create trigger notify_logins after insert or update or delete on device_logins
  for each statement execute function notify_logins();
create trigger notify_logins after insert or update or delete on login_addresses
  for each statement execute function notify_logins();

-- Another phone in its place has a certificate of its own, and must not inherit a password that the old one holds.
create function forget_proofs() returns trigger language plpgsql as $$
begin
  delete from offhook.device_certificates where device_id = new.id;
  delete from offhook.device_logins where device_id = new.id;
  return null;
end $$;
create trigger forget_proofs after update of mac on devices
  for each row when (old.mac is distinct from new.mac) execute function forget_proofs();
