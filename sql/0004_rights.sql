-- What each role may do, and the wall between tenants. The app says which tenant it works for with
-- `set_config('offhook.tenant', id, true)`; without it, it sees nothing.
set local search_path = offhook;

create function tenant() returns bigint language sql stable
  as $$ select nullif(current_setting('offhook.tenant', true), '')::bigint $$;

-- MAC addresses and public numbers are unique over all tenants. The app may learn that one is taken, not by whom.
create function taken_macs(candidates text[]) returns setof text
  language sql stable security definer set search_path = offhook
  as $$ select mac from devices where mac = any (candidates) and tenant_id is distinct from tenant() $$;

create function taken_dids(candidates text[]) returns setof text
  language sql stable security definer set search_path = offhook
  as $$ select number from dids where number = any (candidates) and tenant_id is distinct from tenant() $$;

revoke all on function taken_macs, taken_dids from public;
grant execute on function taken_macs, taken_dids to offhook_app;

grant usage on schema offhook to offhook_app, offhook_phones;
grant usage on sequence ids to offhook_app;
grant select on installation, tenants to offhook_app, offhook_phones;

do $$
declare
  name text;
begin
  foreach name in array array[
    'locations', 'profiles', 'users', 'extensions', 'endpoints', 'mailboxes', 'trunks', 'dids', 'devices', 'lines',
    'keys', 'directory_entries', 'imports', 'import_rows', 'owned_rows', 'outbox', 'release_windows', 'audit'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
  -- A phone says which device it is before anyone knows its tenant.
  foreach name in array array[
    'locations', 'profiles', 'users', 'extensions', 'endpoints', 'devices', 'lines', 'keys', 'release_windows'
  ] loop
    execute format('create policy phones on %I for select to offhook_phones using (true)', name);
    execute format('grant select on %I to offhook_phones', name);
  end loop;
end $$;

-- History is written once.
revoke update, delete on audit from offhook_app;

create policy phones_seal on devices for update to offhook_phones using (true);
grant update (sealed_at) on devices to offhook_phones;

grant usage on schema asterisk to offhook_app, offhook_asterisk;
grant select on all tables in schema asterisk to offhook_asterisk, offhook_app;
grant insert, update, delete on asterisk.ps_contacts to offhook_asterisk;
grant update (password) on asterisk.voicemail to offhook_asterisk;
grant update (paused, reason_paused) on asterisk.queue_members to offhook_asterisk;

grant insert, update, delete on
  asterisk.ps_endpoints, asterisk.ps_auths, asterisk.ps_aors, asterisk.ps_endpoint_id_ips,
  asterisk.extensions, asterisk.voicemail, asterisk.queues, asterisk.queue_members
  to offhook_app;
grant update (expiration_time) on asterisk.ps_contacts to offhook_app;

-- Present in Asterisk's own schema only when its other migrations ran too.
do $$
begin
  if to_regclass('asterisk.cdr') is not null then
    grant insert on asterisk.cdr to offhook_asterisk;
  end if;
  if to_regclass('asterisk.queue_log') is not null then
    grant insert on asterisk.queue_log to offhook_asterisk;
  end if;
  if to_regclass('asterisk.voicemail_messages') is not null then
    grant insert, update, delete on asterisk.voicemail_messages to offhook_asterisk;
  end if;
end $$;
grant usage on all sequences in schema asterisk to offhook_app, offhook_asterisk;

-- Asterisk names its tables without a schema.
alter role offhook_asterisk set search_path = asterisk;
