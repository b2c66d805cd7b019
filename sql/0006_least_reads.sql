-- The role that answers phones reads what a configuration is made of: no names, passwords or import defaults of people.
set local search_path = offhook;

revoke select on users, tenants, locations, profiles, installation from offhook_phones;
grant select (id, tenant_id, location_id, language, timezone) on users to offhook_phones;
grant select (id, slug, settings, tftp_configs) on tenants to offhook_phones;
grant select (id, tenant_id, settings) on locations, profiles to offhook_phones;

-- A tenant's own row is all that work for it needs to see.
alter table tenants enable row level security;
create policy app on tenants for select to offhook_app using (id = (select tenant()));
create policy phones on tenants for select to offhook_phones using (true);

-- Names without a schema are looked for in pg_temp first unless it is listed: whoever may create temporary tables could
-- else choose what these functions read.
alter function taken_macs(text[]) set search_path = offhook, pg_temp;
alter function taken_dids(text[]) set search_path = offhook, pg_temp;
