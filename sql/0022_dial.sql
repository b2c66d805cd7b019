-- Claiming a phone by dialling from it, and links that set up an app once.
set local search_path = offhook;

-- While one of these is good, a phone that is released to nobody gets an account that can dial nothing but the claim
-- number. The code is short, for it is keyed in: what protects it is that it lives for hours and bears few wrong tries.
create table claim_codes (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  salt bytea not null,
  -- of salt and code
  code_sha256 bytea not null,
  -- who goes through the building
  installer text not null,
  -- where its phones ask from; none: anywhere
  networks cidr[] not null default '{}',
  phones_left integer not null check (phones_left >= 0),
  -- on any phone of the tenant while this code was good
  wrong_tries integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  check (expires_at > created_at and expires_at <= created_at + interval '1 day'),
  unique (tenant_id, id)
);

-- Phones that were given such an account, until it is taken back.
create table claim_phones (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  mac text not null check (mac ~ '^[0-9a-f]{12}$'),
  family text not null,
  model text not null,
  address text not null,
  account text not null check (account ~ '^claim[.][a-z0-9]{16}$'),
  -- sealed, both
  secret bytea not null,
  admin_password bytea not null,
  opened_at timestamptz not null default now(),
  expires_at timestamptz not null,
  wrong_tries integer not null default 0,
  -- what was keyed in and found right
  code_id bigint,
  extension text,
  dialled_at timestamptz,
  -- what became of it: somebody's phone, or why not
  device_id bigint,
  bound_at timestamptz,
  note text,
  -- when Asterisk forgot the account
  closed_at timestamptz,
  unique (tenant_id, id),
  unique (mac, tenant_id),
  unique (account),
  foreign key (tenant_id, code_id) references claim_codes (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete set null (device_id)
);
create index on claim_phones (device_id);

-- An address from which a device's files can be fetched once, for a picture that an app's camera reads.
create table device_links (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  device_id bigint not null,
  token_sha256 bytea not null unique,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_from text,
  check (expires_at > created_at and expires_at <= created_at + interval '30 days'),
  unique (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index on device_links (device_id);

-- What the makers of apps call this tenant, by family: a Cloud ID, a provider's number.
alter table tenants add column app_accounts jsonb not null default '{}';
grant update (app_accounts, tftp_configs) on tenants to offhook_app;

do $$
declare
  name text;
begin
  foreach name in array array['claim_codes', 'claim_phones', 'device_links'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;
-- Whoever answers phones learns where and until when phones are claimed, but no code, and uses up links.
create policy phones on claim_codes for select to offhook_phones using (true);
grant select (id, tenant_id, networks, phones_left, wrong_tries, created_at, expires_at, revoked_at) on claim_codes
  to offhook_phones;
create policy phones on device_links to offhook_phones using (true);
grant select, update (used_at, used_from) on device_links to offhook_phones;

-- Windows are read anew as those of releases are; nothing that is in memory about devices changes with them.
create function notify_windows() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_phones', 'release_windows');
  return null;
end $$;
create trigger notify_windows after insert or delete or update of phones_left, wrong_tries, revoked_at on claim_codes
  for each statement execute function notify_windows();
create trigger notify_claims after update of dialled_at on claim_phones
  for each statement execute function notify_channel('offhook_claims');

-- With another address, links that lead to the device are void too.
create function forget_device_links() returns trigger language plpgsql as $$
begin
  delete from offhook.device_links where device_id = new.id;
  return null;
end $$;
create trigger forget_device_links after update of token_sha256 on devices
  for each row when (old.token_sha256 is distinct from new.token_sha256) execute function forget_device_links();

-- What the dialplan asks when somebody has keyed in a code and an extension on a phone with a claim account. Decided here
-- and not by Offhook, so that it works while Offhook is down; Offhook gives the phone to the person when it is up. Every
-- refusal is the same `false`. After 5 wrong tries the phone is refused, after 20 on all phones together the code.
create function claim_by_dial(dialled_from text, dialled_code text, dialled_extension text) returns boolean
  language plpgsql security definer set search_path = offhook, pg_temp as $$
declare
  phone claim_phones;
  code claim_codes;
  fault text;
begin
  select * into phone from claim_phones
    where account = dialled_from and expires_at > now() and closed_at is null and bound_at is null for update;
  if not found or phone.wrong_tries >= 5 then
    return false;
  end if;
  -- The same again is no second claim.
  if phone.dialled_at is not null and phone.note is null then
    return phone.extension = dialled_extension;
  end if;
  perform from claim_codes where tenant_id = phone.tenant_id and expires_at > now() and revoked_at is null
    order by id for update;
  select * into code from claim_codes c
    where c.tenant_id = phone.tenant_id and c.expires_at > now() and c.revoked_at is null and c.wrong_tries < 20
      and (c.networks = '{}' or phone.address::inet <<= any (c.networks))
      and c.code_sha256 = sha256(c.salt || convert_to(dialled_code, 'UTF8'));
  if not found then
    fault := 'code';
    update claim_codes set wrong_tries = wrong_tries + 1
      where tenant_id = phone.tenant_id and expires_at > now() and revoked_at is null;
  elsif code.phones_left = 0 then
    fault := 'used-up';
  elsif not exists (select from extensions x join endpoints e on e.extension_id = x.id
      where x.tenant_id = phone.tenant_id and x.number = dialled_extension and x.user_id is not null
        and e.kind = 'desk' and e.secret is not null) then
    fault := 'extension';
  elsif exists (select from devices d where d.mac = phone.mac and (d.tenant_id <> phone.tenant_id
      or exists (select from lines l join endpoints e on e.id = l.endpoint_id
        join extensions x on x.id = e.extension_id where l.device_id = d.id and x.number <> dialled_extension))) then
    fault := 'taken';
  end if;
  if fault is not null then
    update claim_phones set wrong_tries = wrong_tries + 1 where id = phone.id;
    insert into audit (tenant_id, actor, action, object, detail) values (phone.tenant_id, 'phone:' || phone.mac,
      'claim-refused', phone.mac, jsonb_build_object('wrong', fault, 'try', phone.wrong_tries + 1));
    return false;
  end if;
  update claim_codes set phones_left = phones_left - 1 where id = code.id;
  update claim_phones set code_id = code.id, extension = dialled_extension, dialled_at = now(), note = null
    where id = phone.id;
  insert into audit (tenant_id, actor, action, object, detail) values (phone.tenant_id, 'phone:' || phone.mac,
    'claim-dialled', phone.mac, jsonb_build_object('code', code.id, 'installer', code.installer,
      'extension', dialled_extension));
  return true;
end $$;
revoke all on function claim_by_dial from public;
grant usage on schema offhook to offhook_asterisk;
grant execute on function claim_by_dial to offhook_asterisk;
