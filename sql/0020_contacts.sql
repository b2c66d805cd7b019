-- What phonebooks are made of: people and groups are there, numbers outside of the company are what an admin brings.
set local search_path = offhook;

create table contacts (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null check (name <> ''),
  number text not null check (number ~ '^[+]?[0-9*#]{1,32}$'),
  mobile text check (mobile ~ '^[+]?[0-9*#]{1,32}$'),
  home text check (home ~ '^[+]?[0-9*#]{1,32}$'),
  unique (tenant_id, id),
  constraint contacts_name_unique unique (name, tenant_id)
);

alter table contacts enable row level security;
create policy app on contacts to offhook_app using (tenant_id = (select tenant()))
  with check (tenant_id = (select tenant()));
grant select, insert, update, delete on contacts to offhook_app;

-- Whoever answers phones reads what stands in a phonebook, and nothing else about people.
do $$
declare
  name text;
begin
  foreach name in array array['contacts', 'directory_entries', 'groups'] loop
    execute format('create policy phones on %I for select to offhook_phones using (true)', name);
  end loop;
end $$;
grant select (id, tenant_id, name, number, mobile, home) on contacts to offhook_phones;
grant select (id, tenant_id, user_id, name, number) on directory_entries to offhook_phones;
grant select (id, tenant_id, name, number) on groups to offhook_phones;
grant select (first_name, last_name, suspended) on users to offhook_phones;

-- Import defaults may hold anything; of them, only the language is for phones.
create function tenant_language(tenant bigint) returns text
  language sql stable security definer set search_path = offhook, pg_temp
  as $$ select coalesce(settings->>'language', defaults->>'language') from tenants where id = tenant $$;
revoke all on function tenant_language from public;
grant execute on function tenant_language to offhook_app, offhook_phones;

-- A book is kept until one of its own tenant's rows changes, so what is told is whose.
create function notify_book() returns trigger language plpgsql as $$
declare
  changed bigint;
begin
  for changed in select distinct tenant_id from rows loop
    perform pg_notify('offhook_phones', 'book/' || changed);
  end loop;
  return null;
end $$;

do $$
declare
  name text;
begin
  foreach name in array array['contacts', 'directory_entries', 'groups'] loop
    execute format('create trigger notify_book_added after insert on %I referencing new table as rows '
      'for each statement execute function notify_book()', name);
    execute format('create trigger notify_book_changed after update on %I referencing new table as rows '
      'for each statement execute function notify_book()', name);
    execute format('create trigger notify_book_gone after delete on %I referencing old table as rows '
      'for each statement execute function notify_book()', name);
  end loop;
end $$;

create function notify_book_of_row() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_phones', 'book/' || (to_jsonb(new)->>tg_argv[0]));
  return null;
end $$;
create trigger notify_book after update of first_name, last_name, suspended on users for each row
  when (old.first_name is distinct from new.first_name or old.last_name is distinct from new.last_name
    or old.suspended is distinct from new.suspended)
  execute function notify_book_of_row('tenant_id');
create trigger notify_book after update of settings, defaults on tenants for each row
  when ((old.settings, old.defaults) is distinct from (new.settings, new.defaults))
  execute function notify_book_of_row('id');
