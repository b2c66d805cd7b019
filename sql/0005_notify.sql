-- Whoever keeps rendered configurations in memory hears which devices changed, and whoever sends the outbox that there
-- is work. Statement-level with transition tables: an import of 10,000 people is one notification a table.
set local search_path = offhook;

create function notify_phones() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_phones', tg_table_name);
  return null;
end $$;

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_outbox', '');
  return null;
end $$;

do $$
declare
  name text;
begin
  foreach name in array array[
    'tenants', 'locations', 'profiles', 'users', 'extensions', 'endpoints', 'lines', 'keys', 'release_windows'
  ] loop
    execute format('create trigger notify_phones after insert or update or delete on %I '
      'for each statement execute function notify_phones()', name);
  end loop;
end $$;

-- Phones that come with their token for the first time are sealed one by one while a building boots: that must not empty
-- the memory of everyone else.
create trigger notify_phones after insert or delete on devices for each statement execute function notify_phones();
create trigger notify_phones_changed
  after update of mac, name, family, model, user_id, location_id, profile_id, settings, token, token_sha256, admin_password
  on devices for each statement execute function notify_phones();

create function notify_sealed() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_phones', 'sealed');
  return null;
end $$;
create trigger notify_sealed after update of sealed_at on devices for each statement execute function notify_sealed();

create trigger notify_outbox after insert on outbox for each statement execute function notify_outbox();
